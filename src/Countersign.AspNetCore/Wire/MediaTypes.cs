using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Countersign.AspNetCore.Wire;

/// <summary>Finds out which of the two forms a request declares for its body.</summary>
internal static class MediaTypes
{
    /// <summary>JSON (RFC 8259 §11).</summary>
    public const string Json = "application/json";

    /// <summary>A form as in RFC 6749 appendix B.</summary>
    public const string Form = "application/x-www-form-urlencoded";

    /// <summary>Reads the form that a request declares.</summary>
    /// <param name="request">The request.</param>
    /// <param name="form">Its form; <see cref="BodyForms.None"/> if it declares none.</param>
    /// <returns>False if the request declares anything else: another type, a character set other than UTF-8, a content encoding, or two types.</returns>
    public static bool TryRead(HttpRequest request, out BodyForms form)
    {
        form = BodyForms.None;
        var declared = request.Headers.ContentType;
        if (request.Headers.ContentEncoding.Count > 0 || declared.Count > 1)
        {
            return false;
        }

        if (declared.Count == 0 || string.IsNullOrEmpty(declared[0]))
        {
            return true;
        }

        if (!MediaTypeHeaderValue.TryParse(declared[0], out var type) || (type.Charset.HasValue && !IsUtf8(type)))
        {
            return false;
        }

        form = type.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase) ? BodyForms.Json
            : type.MediaType.Equals(Form, StringComparison.OrdinalIgnoreCase) ? BodyForms.Form
            : BodyForms.None;
        return form != BodyForms.None;
    }

    private static bool IsUtf8(MediaTypeHeaderValue type)
    {
        var charset = HeaderUtilities.RemoveQuotes(type.Charset);
        return charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase);
    }
}
