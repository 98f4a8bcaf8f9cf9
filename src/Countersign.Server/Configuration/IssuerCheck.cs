using Countersign.Sessions;

namespace Countersign.Server.Configuration;

/// <summary>Who the tokens say that they are from.</summary>
internal static class IssuerCheck
{
    private const string Key = "Auth:Issuer";

    /// <summary>Notes an issuer that is no issuer, or that is missing where clients on other machines will compare it.</summary>
    /// <param name="reading">The pass over the configuration.</param>
    /// <param name="required">Whether the service can be reached from elsewhere, so that the bound address says nothing.</param>
    /// <param name="isDevelopment">Whether the environment is Development, where an http issuer may be any host.</param>
    public static void Run(ConfigurationReading reading, bool required, bool isDevelopment)
    {
        if (reading.Value(Key) is { } issuer)
        {
            // RFC 8414 section 2: a URL without query or fragment. Clients compare it byte by byte, so nothing is mended here; a slash at the end would be
            // legal, and is the commonest reason why two services do not agree.
            var sound = Uri.TryCreate(issuer, UriKind.Absolute, out var url)
                && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)
                && url.UserInfo.Length == 0
                && !issuer.EndsWith('/')
                && !issuer.Any(static character => character is '?' or '#' || char.IsWhiteSpace(character));
            if (!sound)
            {
                reading.Fault(Key, $"is \"{issuer}\", which is not an absolute http or https URL without query, fragment and slash at the end", "Write the address that clients use, such as https://auth.example.com");
            }
            else if (IssuerRules.IsPlaintext(issuer, isDevelopment))
            {
                reading.Fault(Key, $"is \"{issuer}\", so that passwords and tokens would pass the network in plain text", "Write the https address that clients use. http is taken for localhost and loopback addresses, and in Development.");
            }
        }
        else if (required && !reading.IsSet(Key))
        {
            reading.Fault(Key, "is missing, and the server listens beyond this machine", "Set it to the address that clients use, such as https://auth.example.com, or listen on 127.0.0.1 only.");
        }
    }
}
