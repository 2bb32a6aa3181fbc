using Google.Protobuf.Reflection;

namespace Grpc.Reflection;

/// <summary>The files of the services that are served, by name and by what they declare.</summary>
internal sealed class DescriptorIndex
{
    private readonly Dictionary<string, FileDescriptor> _files = [];
    private readonly Dictionary<string, FileDescriptor> _symbols = [];
    private readonly Dictionary<string, SortedDictionary<int, FileDescriptor>> _extensions = [];

    public DescriptorIndex(IEnumerable<ServiceDescriptor> services)
    {
        foreach (ServiceDescriptor service in services)
        {
            ServiceNames.Add(service.FullName);
            Add(service.File);
        }
    }

    public SortedSet<string> ServiceNames { get; } = new(StringComparer.Ordinal);

    public FileDescriptor? FindFile(string name) => _files.GetValueOrDefault(name);

    public FileDescriptor? FindSymbol(string fullName) => _symbols.GetValueOrDefault(fullName.TrimStart('.'));

    public FileDescriptor? FindExtension(string messageName, int number) => _extensions.GetValueOrDefault(messageName)?.GetValueOrDefault(number);

    /// <summary>The numbers of the extensions of a message; null if there is no such message.</summary>
    public IEnumerable<int>? FindExtensionNumbers(string messageName) =>
        _extensions.TryGetValue(messageName, out SortedDictionary<int, FileDescriptor>? extensions) ? extensions.Keys
        : _symbols.ContainsKey(messageName) ? []
        : null;

    /// <summary>A file and all that it imports, each once, what is imported first.</summary>
    public static IReadOnlyList<FileDescriptor> Closure(FileDescriptor file)
    {
        List<FileDescriptor> ordered = [];
        Visit(file, ordered);
        return ordered;
    }

    private static void Visit(FileDescriptor file, List<FileDescriptor> ordered)
    {
        if (ordered.Contains(file))
        {
            return;
        }

        foreach (FileDescriptor dependency in file.Dependencies)
        {
            Visit(dependency, ordered);
        }

        ordered.Add(file);
    }

    private void Add(FileDescriptor file)
    {
        if (!_files.TryAdd(file.Name, file))
        {
            return;
        }

        foreach (FileDescriptor dependency in file.Dependencies)
        {
            Add(dependency);
        }

        foreach (ServiceDescriptor service in file.Services)
        {
            _symbols[service.FullName] = file;
            foreach (MethodDescriptor method in service.Methods)
            {
                _symbols[method.FullName] = file;
            }
        }

        foreach (MessageDescriptor message in file.MessageTypes)
        {
            Add(message);
        }

        foreach (EnumDescriptor type in file.EnumTypes)
        {
            _symbols[type.FullName] = file;
        }

        Add(file.Extensions, file);
    }

    private void Add(MessageDescriptor message)
    {
        _symbols[message.FullName] = message.File;
        foreach (FieldDescriptor field in message.Fields.InDeclarationOrder())
        {
            _symbols[field.FullName] = message.File;
        }

        foreach (EnumDescriptor type in message.EnumTypes)
        {
            _symbols[type.FullName] = message.File;
        }

        foreach (MessageDescriptor nested in message.NestedTypes)
        {
            Add(nested);
        }

        Add(message.Extensions, message.File);
    }

    private void Add(ExtensionCollection extensions, FileDescriptor file)
    {
        foreach (FieldDescriptor extension in extensions.UnorderedExtensions)
        {
            _symbols[extension.FullName] = file;
            if (!_extensions.TryGetValue(extension.ExtendeeType.FullName, out SortedDictionary<int, FileDescriptor>? numbers))
            {
                _extensions.Add(extension.ExtendeeType.FullName, numbers = []);
            }

            numbers[extension.FieldNumber] = file;
        }
    }
}
