using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Cluster.Coordinator.Hosting.Access;

/// <summary>
/// The tokens that callers present: one secret for everything, or lines of a role, a secret and perhaps a name. What is presented is compared with all of them, and comparing takes the same
/// time whatever it is.
/// </summary>
internal sealed class AccessTokens
{
    private const string Scheme = "Bearer ";

    // Guessing this takes longer than anything that it protects lasts.
    private const int LeastLength = 16;

    private readonly AccessToken[] _tokens;

    private AccessTokens(AccessToken[] tokens) => _tokens = tokens;

    /// <summary>Reads them.</summary>
    /// <param name="text">A secret alone, or lines like <c>submit SECRET ci</c>. Lines that are empty or begin with # are left out.</param>
    /// <exception cref="FormatException">It is none of these; the message names the line, and no secret.</exception>
    public static AccessTokens Parse(string text)
    {
        var lines = text.Split('\n').Select(static line => line.Split(' ', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToArray();
        if (lines.Where(static words => words.Length > 0 && words[0][0] != '#').ToArray() is [[var secret]])
        {
            return new AccessTokens([new AccessToken("admin", Role.Admin, Digest(secret))]);
        }

        List<AccessToken> tokens = [];
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i] is [var first, ..] && first[0] != '#')
            {
                tokens.Add(ParseLine(lines[i], i + 1));
            }
        }

        return tokens.Count > 0 ? new AccessTokens([.. tokens]) : throw new FormatException("There are no tokens.");
    }

    /// <summary>Whose an <c>authorization</c> header is.</summary>
    /// <returns>Null: nobody's.</returns>
    public AccessToken? Find(string? authorization)
    {
        if (authorization is null || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var digest = Digest(authorization[Scheme.Length..].Trim());
        AccessToken? found = null;
        foreach (var token in _tokens)
        {
            // All of them, so that the time says nothing.
            found = CryptographicOperations.FixedTimeEquals(token.Digest, digest) ? token : found;
        }

        return found;
    }

    private static AccessToken ParseLine(string[] words, int line)
    {
        if (words.Length is < 2 or > 3)
        {
            throw Refuse(line, "has to be a role, a secret and perhaps a name, with spaces between");
        }

        if (!Enum.TryParse<Role>(words[0], ignoreCase: true, out var role) || !Enum.IsDefined(role) || role is Role.None or Role.Any || !char.IsLetter(words[0][0]))
        {
            throw Refuse(line, $"begins with '{(words[0].Length < LeastLength ? words[0] : "…")}', which is no role: read, submit, node or admin");
        }

        return words[1].Length < LeastLength
            ? throw Refuse(line, string.Create(CultureInfo.InvariantCulture, $"has a secret of {words[1].Length} characters, which can be guessed; make one with `cluster token create`"))
            : new AccessToken(words.Length == 3 ? words[2] : $"{words[0].ToLowerInvariant()}-{line}", role, Digest(words[1]));
    }

    private static FormatException Refuse(int line, string problem) => new(string.Create(CultureInfo.InvariantCulture, $"Line {line} of the tokens {problem}."));

    private static byte[] Digest(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
