using Countersign.Mail;
using Countersign.Server.Configuration;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Countersign.Server.Hosting;

/// <summary>The lines that a started server writes to standard output: its addresses, where its data is and its mails go, and a command to try.</summary>
internal static class Announcement
{
    /// <summary>Writes the lines.</summary>
    public static async Task WriteAsync(TextWriter output, IServerAddressesFeature addresses, ServerSettings settings, AccountMailSender mail)
    {
        if (settings.IsExposedDevelopment)
        {
            await output.WriteLineAsync(
                "Development  Other machines can reach this server, and Development checks less: use it on a network that you trust.").ConfigureAwait(false);
        }

        foreach (var address in addresses.Addresses)
        {
            await output.WriteLineAsync($"Listening on {address}").ConfigureAwait(false);
        }

        await output.WriteLineAsync($"Database     {settings.DatabaseLabel}").ConfigureAwait(false);
        await output.WriteLineAsync($"Master key   {settings.MasterKey}").ConfigureAwait(false);
        await output.WriteLineAsync($"Mail         {mail.Destination ?? "none: Auth:Mail:Host is not set"}").ConfigureAwait(false);
        var reachable = Reachable(addresses.Addresses.First());
        if (settings.Docs)
        {
            await output.WriteLineAsync($"Docs         {reachable}/docs").ConfigureAwait(false);
        }

        await output.WriteLineAsync($"Try          {Example(reachable + settings.ApiPrefix, settings)}").ConfigureAwait(false);
        await output.FlushAsync().ConfigureAwait(false);
    }

    private static string Example(string routes, ServerSettings settings) => !settings.IsRegistrationOpen
        ? "countersign users create ada@example.com --generate"
        : $$"""curl -H 'Content-Type: application/json' -d '{"email":"ada@example.com","password":"correct horse battery"}' {{routes}}/auth/register""";

    /// <summary>An address that a client on this machine can open.</summary>
    private static string Reachable(string address) => address
        .Replace("://[::]", "://127.0.0.1", StringComparison.Ordinal)
        .Replace("://0.0.0.0", "://127.0.0.1", StringComparison.Ordinal)
        .Replace("://+", "://127.0.0.1", StringComparison.Ordinal)
        .Replace("://*", "://127.0.0.1", StringComparison.Ordinal);
}
