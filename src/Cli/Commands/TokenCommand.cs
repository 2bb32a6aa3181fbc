using System.CommandLine;
using System.Security.Cryptography;

namespace Cluster.Cli.Commands;

/// <summary><c>cluster token create</c>: makes a secret for callers of a coordinator.</summary>
internal static class TokenCommand
{
    private const int SecretBytes = 32;

    private static readonly Option<string> Role = new Option<string>("--role")
    {
        Description = "With --file: what its holder may do. read: look; submit: run code too; node: attach nodes; admin: everything.",
        DefaultValueFactory = _ => "admin",
    }.AcceptOnlyFromAmong("read", "submit", "node", "admin");

    private static readonly Option<string?> Name = new("--name", "-n")
    {
        Description = "With --file: what the coordinator calls the holder in its log. Default: the role, and the line.",
        HelpName = "NAME",
        Validators =
        {
            result =>
            {
                if (result.GetValueOrDefault<string?>() is { } name && (name.Length == 0 || name.Any(static c => char.IsWhiteSpace(c) || char.IsControl(c))))
                {
                    result.AddError("--name takes one word.");
                }
            },
        },
    };

    private static readonly Option<FileInfo?> Tokens = new("--file")
    {
        Description = "Add the token to this file, which is the coordinator's --token-file. Start the coordinator again to have it known. Default: it is only printed.",
        HelpName = "FILE",
    };

    public static Command Create()
    {
        var create = new Command("create", "Make a token that nobody can guess, and print it.") { Role, Name, Tokens };
        create.SetAction(RunAsync);
        return new Command("token", "Tokens, which callers show to a coordinator.") { create };
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken termination)
    {
        var secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        if (result.GetValue(Tokens) is { } file)
        {
            await AddAsync(file, $"{result.GetRequiredValue(Role)} {secret} {result.GetValue(Name)}".TrimEnd(), termination);
        }
        else if (result.GetResult(Role) is { Implicit: false } || result.GetValue(Name) is not null)
        {
            throw new UsageException("--role and --name go with --file: a token alone is one for everything.");
        }

        Console.Out.WriteLine(secret);
        return ExitCodes.Success;
    }

    private static async Task AddAsync(FileInfo file, string line, CancellationToken cancellationToken)
    {
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            await using var stream = new FileStream(file.FullName, options);
            using var reader = new StreamReader(stream, leaveOpen: true);
            var there = await reader.ReadToEndAsync(cancellationToken);
            if (there.Split('\n').Any(static text => text.Trim() is { Length: > 0 } words && words[0] != '#' && !words.Contains(' ')))
            {
                throw new UsageException($"{file} has a token for everything alone. Write `admin ` before it, so that others can stand beside it.");
            }

            stream.Seek(0, SeekOrigin.End);
            await using var writer = new StreamWriter(stream);
            await writer.WriteAsync($"{(there.Length > 0 && there[^1] != '\n' ? "\n" : "")}{line}\n");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The token cannot be added to {file}: {exception.Message}");
        }
    }
}
