using System.Buffers.Text;
using System.CommandLine;
using System.Security.Cryptography;
using Countersign.Sessions.Keys;

namespace Countersign.Server.Commands;

/// <summary><c>secrets</c>: makes secrets for the configuration. It reads no configuration and stores nothing.</summary>
internal static class SecretsCommand
{
    // 384 bits: HS256 needs only 256 (RFC 7518 section 3.2), and 384 need no padding in base64url.
    private const int SecretBytes = 48;

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var fresh = new Command("new", "Print a fresh secret for SECRET_KEY and a fresh master key");
        fresh.SetAction(RunAsync);
        return new Command("secrets", "Make secrets for the configuration") { fresh };
    }

    private static async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var output = parse.InvocationConfiguration.Output;

        // The output has the form of an environment file, so that either line can be pasted unchanged.
        await output.WriteLineAsync(
            "# A secret to share with other services, under HS256. Leave it out to sign with the server's own keys.").ConfigureAwait(false);
        await output.WriteLineAsync($"SECRET_KEY={NewSecret()}").ConfigureAwait(false);
        await output.WriteLineAsync("# The key that encrypts the keys in the database. Keep it apart from backups of the database.").ConfigureAwait(false);
        await output.WriteLineAsync($"Auth__MasterKey={MasterKey.Create()}").ConfigureAwait(false);
        return 0;
    }

    private static string NewSecret()
    {
        Span<byte> secret = stackalloc byte[SecretBytes];
        RandomNumberGenerator.Fill(secret);
        var text = Base64Url.EncodeToString(secret);
        CryptographicOperations.ZeroMemory(secret);
        return text;
    }
}
