using Countersign.Bearer.Problems;
using Countersign.Tokens;
using Microsoft.AspNetCore.Http;

namespace Countersign.AspNetCore.Wire;

/// <summary>The problems of requests that can't be read, with their status, code and text.</summary>
internal static class BodyProblems
{
    /// <summary>RFC 6749 §5.2: a value is missing, repeated, unsupported or otherwise malformed.</summary>
    private const string InvalidRequest = "invalid_request";

    /// <summary>The body has a content type that the route does not accept, or none.</summary>
    public static readonly Problem ContentTypeUnsupported =
        Of(StatusCodes.Status415UnsupportedMediaType, ReasonCodes.ContentTypeUnsupported, "The route does not take a body of this content type");

    /// <summary>The body is longer than any genuine one.</summary>
    public static readonly Problem BodyTooLarge = Of(StatusCodes.Status413PayloadTooLarge, ReasonCodes.BodyTooLarge, "The body is too large");

    /// <summary>The server stopped reading the body: it ended early, came too slowly, or was framed wrongly.</summary>
    public static readonly Problem BodyIncomplete = Of(StatusCodes.Status400BadRequest, ReasonCodes.BodyIncomplete, "The body could not be read to its end");

    /// <summary>The body's bytes are not UTF-8.</summary>
    public static readonly Problem BodyNotUtf8 = Of(StatusCodes.Status400BadRequest, ReasonCodes.BodyNotUtf8, "The body is not UTF-8");

    /// <summary>The body is not the JSON object or the form that its content type says.</summary>
    public static readonly Problem BodyMalformed = Of(StatusCodes.Status400BadRequest, ReasonCodes.BodyMalformed, "The body is not what its content type says");

    /// <summary>The body has a member that the route does not know. The client chose its name, so the name is not repeated.</summary>
    public static readonly Problem MemberUnknown =
        Of(StatusCodes.Status400BadRequest, ReasonCodes.MemberUnknown, "The body has a member that this route does not know");

    /// <summary>The request came over plain http, but the route takes tokens or passwords.</summary>
    public static readonly Problem HttpsRequired = Of(StatusCodes.Status400BadRequest, ReasonCodes.HttpsRequired, "This route is served over https only");

    /// <summary>A password or a token is in the query, which logs and histories store (RFC 9700 §4.3.2).</summary>
    public static readonly Problem CredentialInQuery =
        Of(StatusCodes.Status400BadRequest, ReasonCodes.CredentialInQuery, "Send credentials in the body, not in the query");

    /// <summary>The cursor of a list did not come from a list.</summary>
    public static readonly Problem CursorInvalid = Of(StatusCodes.Status400BadRequest, ReasonCodes.CursorInvalid, "The cursor is not one that a list gave");

    /// <summary>The page size is out of range.</summary>
    public static readonly Problem LimitInvalid = Of(StatusCodes.Status400BadRequest, ReasonCodes.LimitInvalid, "The limit is a number from 1 to 100");

    /// <summary>The body has a member twice.</summary>
    /// <param name="name">The member's name; null if the route does not know the member.</param>
    public static Problem MemberRepeated(string? name) =>
        Of(StatusCodes.Status400BadRequest, ReasonCodes.MemberRepeated, "The body has a member twice") with
        {
            Errors = name is null ? null : Fault(name, ReasonCodes.MemberRepeated, "Send this once."),
        };

    /// <summary>A member has the wrong JSON type, or a code point that is not a character.</summary>
    public static Problem MemberMalformed(string name) =>
        Of(StatusCodes.Status400BadRequest, ReasonCodes.MemberMalformed, "A member of the body has the wrong type") with
        {
            Errors = Fault(name, ReasonCodes.MemberMalformed, "Send text here."),
        };

    /// <summary>A field of the app has a value of another type.</summary>
    public static Problem FieldMalformed(string name) => MemberMalformed(name) with
    {
        Errors = Fault(name, ReasonCodes.MemberMalformed, "This has the wrong type."),
    };

    /// <summary>The fault of a field. Descriptions of routes use it.</summary>
    public static MemberFault FieldFault => new(ReasonCodes.MemberInvalid, "This value is not accepted.");

    /// <summary>Fields of the app break the app's rules.</summary>
    public static Problem FieldsInvalid(IReadOnlyList<MemberFaults> faults) =>
        Of(StatusCodes.Status400BadRequest, ReasonCodes.MemberInvalid, "A member of the body has a value that is not accepted") with { Errors = faults };

    /// <summary>Required members are missing.</summary>
    public static Problem MembersMissing(IReadOnlyList<string> names) =>
        Of(StatusCodes.Status400BadRequest, ReasonCodes.MemberMissing, "The body lacks a member") with
        {
            Errors = [.. names.Select(static name => new MemberFaults(name, [new MemberFault(ReasonCodes.MemberMissing, "This is required.")]))],
        };

    /// <summary>All problems that bodies of these members in these forms can have.</summary>
    public static IReadOnlyList<Problem> OfBodies(IReadOnlyList<BodyMember> members, BodyForms forms)
    {
        List<Problem> refusals =
            [
                BodyMalformed, BodyNotUtf8, BodyIncomplete, MemberMalformed(members[0].Name), MemberRepeated(members[0].Name), BodyTooLarge,
                ContentTypeUnsupported,
            ];
        if (forms.HasFlag(BodyForms.Json))
        {
            refusals.Add(MemberUnknown);
        }

        if (members.Any(static member => !member.IsOptional))
        {
            refusals.Add(MembersMissing([.. members.Where(static member => !member.IsOptional).Select(static member => member.Name)]));
        }

        return refusals;
    }

    private static Problem Of(int status, string code, string detail) => new(status, code, detail) { OAuthError = InvalidRequest };

    private static MemberFaults[] Fault(string member, string code, string message) => [new MemberFaults(member, [new MemberFault(code, message)])];
}
