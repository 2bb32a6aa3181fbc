using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Cluster.Node.Hosting;

/// <summary>Lines of the log for programs: an object each, with the names that the coordinator's have too.</summary>
internal static class JsonLogLine
{
    public static void Write(TextWriter output, DateTimeOffset now, LogLevel level, string message, Exception? exception)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("Timestamp", now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
            json.WriteString("LogLevel", level.ToString());
            json.WriteString("Category", "Cluster.Node");
            json.WriteString("Message", message);
            if (exception is not null)
            {
                json.WriteString("Exception", exception.ToString());
            }

            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }
}
