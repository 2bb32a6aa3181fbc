using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Cluster.Node.Hosting;

/// <summary>Lines of the log for programs: an object each, with the names that the coordinator's have too.</summary>
internal static class JsonLogLine
{
    public static void Write(TextWriter output, in LogLine line)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("Timestamp", line.Time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
            json.WriteNumber("EventId", line.Event.Id);
            json.WriteString("LogLevel", line.Level.ToString());
            json.WriteString("Category", "Cluster.Node");
            json.WriteString("Message", line.Message);
            if (line.Exception is not null)
            {
                json.WriteString("Exception", line.Exception.ToString());
            }

            json.WriteStartObject("State");
            foreach (var (name, value) in line.Properties)
            {
                Write(json, name, value);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }

    private static void Write(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNull(name);
                break;
            case int number:
                json.WriteNumber(name, number);
                break;
            case long number:
                json.WriteNumber(name, number);
                break;
            case uint number:
                json.WriteNumber(name, number);
                break;
            case ulong number:
                json.WriteNumber(name, number);
                break;
            default:
                json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }
}
