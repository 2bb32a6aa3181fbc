using System.Collections.Immutable;
using System.Globalization;
using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;

namespace Cluster.Coordinator.Functions.Registered;

/// <summary>The sets of functions that have names. Readers see a snapshot; one writer at a time replaces it, once it is on the disk. Thread-safe.</summary>
/// <param name="store">Where the code is.</param>
/// <param name="files">Where sets are kept; null: nowhere, they end with the coordinator.</param>
/// <param name="time">The clock.</param>
internal sealed class FunctionSets(CodeStore store, FunctionSetFiles? files, TimeProvider time) : IDisposable
{
    private const int MaxSets = 10_000;
    private const int MaxVersions = 32;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile ImmutableSortedDictionary<string, FunctionSetRecord> _sets = (files?.ReadAll() ?? []).ToImmutableSortedDictionary(
        static set => set.Name, static set => set, StringComparer.Ordinal);

    /// <summary>Reads the functions of an assembly and gives them names.</summary>
    /// <returns>The set, and whether this code was its current version already.</returns>
    /// <exception cref="RegistrationRejectedException">The functions cannot be registered as they are.</exception>
    /// <exception cref="CodeFileRejectedException">A file could never have been stored.</exception>
    /// <exception cref="IOException">The disk refuses.</exception>
    public async Task<(FunctionSet Set, bool Unchanged)> RegisterAsync(RegisterFunctionsRequest request, CancellationToken cancellationToken)
    {
        if (!FunctionNames.IsSet(request.Set))
        {
            throw new RegistrationRejectedException("set", $"A set of functions cannot be called '{request.Set}': names have {FunctionNames.SetRule}.");
        }

        var version = await ReadAsync(request, cancellationToken);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var known = _sets.GetValueOrDefault(request.Set);
            if (known is null && _sets.Count >= MaxSets)
            {
                throw new RegistrationRejectedException("set", string.Create(CultureInfo.InvariantCulture, $"There are {MaxSets} sets of functions already. Unregister some."));
            }

            var unchanged = known?.Versions[^1].Version == version.Version;
            var others = (known?.Versions ?? []).Where(other => other.Version != version.Version).TakeLast(MaxVersions - 1);
            var set = new FunctionSetRecord { Name = request.Set, Versions = { others, version } };
            await Task.Run(() => files?.Save(set), CancellationToken.None);
            _sets = _sets.SetItem(set.Name, set);
            return (Describe(set, version), unchanged);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Describes sets.</summary>
    /// <param name="name">A set or a version of one; empty: all sets.</param>
    /// <exception cref="UnknownFunctionException">There is no such set.</exception>
    public IEnumerable<FunctionSet> List(string name)
    {
        if (name.Length == 0)
        {
            return _sets.Values.Select(static set => Describe(set, set.Versions[^1]));
        }

        var address = FunctionAddress.ParseSet(name) ?? throw new UnknownFunctionException($"'{name}' names no set of functions. Write `samples`, or `samples@VERSION`.");
        var (found, version) = FindVersion(address);
        return [Describe(found, version)];
    }

    /// <summary>Forgets a set, or a version of one.</summary>
    /// <returns>How many versions were forgotten.</returns>
    /// <exception cref="UnknownFunctionException">There is no such set.</exception>
    /// <exception cref="RegistrationRejectedException">It is the current version.</exception>
    /// <exception cref="IOException">The disk refuses.</exception>
    public async Task<int> UnregisterAsync(string name, CancellationToken cancellationToken)
    {
        var address = FunctionAddress.ParseSet(name) ?? throw new UnknownFunctionException($"'{name}' names no set of functions. Write `samples`, or `samples@VERSION`.");
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var (set, version) = FindVersion(address);
            if (address.Version is null)
            {
                await Task.Run(() => files?.Delete(set.Name), CancellationToken.None);
                _sets = _sets.Remove(set.Name);
                return set.Versions.Count;
            }

            if (version == set.Versions[^1])
            {
                throw new RegistrationRejectedException("set", $"{set.Name}@{version.Version} is the current version. Register another one first, or unregister the whole set: {set.Name}.");
            }

            var rest = new FunctionSetRecord { Name = set.Name, Versions = { set.Versions.Where(other => other != version) } };
            await Task.Run(() => files?.Save(rest), CancellationToken.None);
            _sets = _sets.SetItem(rest.Name, rest);
            return 1;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Finds a function.</summary>
    /// <param name="name"><c>samples/square</c>, or <c>samples@VERSION/square</c>.</param>
    /// <exception cref="UnknownFunctionException">There is none.</exception>
    public NamedFunction Find(string name)
    {
        var address = FunctionAddress.Parse(name)
            ?? throw new UnknownFunctionException($"'{name}' names no function. Write SET/FUNCTION, such as samples/square.{FunctionHints.Near(name, _sets.Values)}");
        if (!_sets.ContainsKey(address.Set))
        {
            throw new UnknownFunctionException($"There is no function {name}: no set is called '{address.Set}'.{FunctionHints.Near(name, _sets.Values)}");
        }

        var (set, version) = FindVersion(address);
        var found = version.Functions.FirstOrDefault(function => function.Function.Name == address.Function)
            ?? throw new UnknownFunctionException($"There is no function {name}.{FunctionHints.Near(name, address, version)}");
        var reference = new Function { Code = version.Code, Assembly = version.Assembly, Type = found.Type, Method = found.Method, Token = found.Token };
        return new NamedFunction(name, found.Function, reference) { Version = version.Version };
    }

    public void Dispose()
    {
        files?.Dispose();
        _turn.Dispose();
    }

    private (FunctionSetRecord Set, FunctionVersionRecord Version) FindVersion(FunctionAddress address)
    {
        if (!_sets.TryGetValue(address.Set, out var set))
        {
            throw new UnknownFunctionException($"There is no set of functions '{address.Set}'.{FunctionHints.NearSets(address.Set, _sets.Keys)}");
        }

        if (address.Version is not { } wanted)
        {
            return (set, set.Versions[^1]);
        }

        var fitting = wanted.Length < CodeVersion.MinLength ? [] : set.Versions.Where(version => version.Version.StartsWith(wanted, StringComparison.OrdinalIgnoreCase)).ToArray();
        return fitting is [var only] ? (set, only) : throw new UnknownFunctionException(
            $"{set.Name} has {(fitting.Length == 0 ? "no" : "more than one")} version '{wanted}'. It has {FunctionHints.Versions(set)}; {CodeVersion.MinLength} characters that only one begins with are enough.");
    }

    private async Task<FunctionVersionRecord> ReadAsync(RegisterFunctionsRequest request, CancellationToken cancellationToken)
    {
        var code = request.Code ?? new Code();
        if (await store.FindMissingAsync(request.Documentation is { } said ? code.Files.Append(said) : code.Files, cancellationToken) is { Count: > 0 } missing)
        {
            throw new RegistrationRejectedException("code", $"The coordinator does not have {string.Join(", ", missing.Select(static file => file.Name))}. Upload these files with Functions.Upload and register again.");
        }

        var entry = code.Files.FirstOrDefault(file => file.Name == request.Assembly)
            ?? throw new RegistrationRejectedException("assembly", $"`assembly` is '{request.Assembly}', which is none of the files in `code`: {string.Join(", ", code.Files.Select(static file => file.Name))}.");
        var documentation = DocumentationFile.Empty;
        if (request.Documentation is { } file)
        {
            await using var xml = await OpenAsync(file, cancellationToken);
            documentation = DocumentationFile.Read(xml);
        }

        await using var assembly = await OpenAsync(entry, cancellationToken);
        return new FunctionVersionRecord
        {
            Version = CodeVersion.Of(code, request.Assembly),
            RegisteredAt = time.GetUtcNow().ToTimestamp(),
            Code = code,
            Assembly = request.Assembly,
            Functions = { FunctionReader.Read(assembly, documentation) },
        };
    }

    private async Task<FileStream> OpenAsync(CodeFile file, CancellationToken cancellationToken) =>
        new((await store.FindAsync(file.Sha256.Memory, cancellationToken))!, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);

    private static FunctionSet Describe(FunctionSetRecord set, FunctionVersionRecord version)
    {
        var prefix = version == set.Versions[^1] ? set.Name : $"{set.Name}@{version.Version}";
        return new FunctionSet
        {
            Name = set.Name,
            Version = version.Version,
            RegisteredAt = version.RegisteredAt,
            Functions = { version.Functions.Select(function => new RegisteredFunction(function.Function) { Name = $"{prefix}/{function.Function.Name}" }) },
            OtherVersions =
            {
                set.Versions.Where(other => other != version).Reverse().Select(static other => new FunctionSetVersion { Version = other.Version, RegisteredAt = other.RegisteredAt }),
            },
        };
    }
}
