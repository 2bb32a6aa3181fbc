using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace Cluster.Coordinator.Functions.Registered;

/// <summary>The XML file that a compiler writes beside an assembly: what its comments say of methods. Whoever uploaded it may have written anything.</summary>
internal sealed partial class DocumentationFile
{
    private const int MaxCharacters = 16 << 20;
    private const int MaxText = 4096;

    private readonly Dictionary<string, XElement> _members = new(StringComparer.Ordinal);

    private DocumentationFile()
    {
    }

    /// <summary>Says nothing.</summary>
    public static DocumentationFile Empty { get; } = new();

    /// <summary>Reads a file.</summary>
    /// <exception cref="RegistrationRejectedException">It is no XML, or too large.</exception>
    public static DocumentationFile Read(Stream file)
    {
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MaxCharacters };
        try
        {
            using var reader = XmlReader.Create(file, settings);
            var read = new DocumentationFile();
            foreach (var member in XDocument.Load(reader).Descendants("member"))
            {
                if (member.Attribute("name")?.Value is { } name && name.StartsWith("M:", StringComparison.Ordinal))
                {
                    read._members[name["M:".Length..]] = member;
                }
            }

            return read;
        }
        catch (XmlException exception)
        {
            throw new RegistrationRejectedException("documentation", $"The documentation cannot be read: {exception.Message} Push the .xml file that the compiler wrote, or none.", exception);
        }
    }

    /// <summary>What a method does; empty where nothing is said.</summary>
    /// <param name="method">As compilers name it: <c>Namespace.Type.Method(System.Int32)</c>.</param>
    public string Summary(string method) => _members.TryGetValue(method, out var member) ? TextOf(member.Element("summary")) : "";

    /// <summary>What a parameter is for; empty where nothing is said.</summary>
    /// <param name="method">As for <see cref="Summary"/>.</param>
    /// <param name="parameter">Its name.</param>
    public string Parameter(string method, string parameter) => _members.TryGetValue(method, out var member)
        ? TextOf(member.Elements("param").FirstOrDefault(element => element.Attribute("name")?.Value == parameter))
        : "";

    /// <summary>One line, as long as people read.</summary>
    public static string Shorten(string text)
    {
        var line = WhiteSpace().Replace(text, " ").Trim();
        return line.Length <= MaxText ? line : line[..MaxText] + "…";
    }

    // <see cref="T:System.Int32"/> and <paramref name="x"/> say what they mean in an attribute.
    private static string TextOf(XElement? element) => element is null ? "" : Shorten(string.Concat(element.DescendantNodes().Select(static node => node switch
    {
        XText text => text.Value,
        XElement { IsEmpty: true } empty when empty.FirstAttribute is { } named => LastPart(named.Value),
        _ => "",
    })));

    private static string LastPart(string name) => name.Length > 2 && name[1] == ':' ? name[2..].Split('(')[0].Split('.')[^1] : name;

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
