using System.Globalization;
using Countersign.AspNetCore.Limits;
using Countersign.AspNetCore.Mail;
using Countersign.AspNetCore.SignIn;
using Countersign.Sessions.Stores;
using Microsoft.AspNetCore.Http;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>Reads what a mail tells of a request.</summary>
internal static class MailRequests
{
    private const int MaxDeviceLength = 100;

    /// <summary>Longer names of languages (RFC 5646) have parts that no template is made for.</summary>
    private const int MaxCultureLength = 16;

    /// <summary>Reads a request.</summary>
    public static MailRequest From(HttpContext context)
    {
        var client = ClientAddress.From(context);
        return new MailRequest(CultureOf(context), client.Network, ClientText.Clean(UserAgentLabel.Of(client.UserAgent), MaxDeviceLength));
    }

    /// <summary>The first language of the header, if the platform knows it. All browsers send them in the order of preference.</summary>
    private static string? CultureOf(HttpContext context)
    {
        var languages = context.Request.GetTypedHeaders().AcceptLanguage;
        if (languages.Count == 0 || languages[0].Value.Value is not { Length: <= MaxCultureLength } name)
        {
            return null;
        }

        try
        {
            return CultureInfo.GetCultureInfo(name, predefinedOnly: true) is { Name.Length: > 0 } culture ? culture.Name : null;
        }
        catch (CultureNotFoundException)
        {
            return null;
        }
    }
}
