using Countersign.Bearer.Problems;
using Countersign.Tokens;
using Microsoft.AspNetCore.Http;

namespace Countersign.AspNetCore.Wire;

/// <summary>Refusals of requests that can't be read: which status, which code, which words.</summary>
internal static class BodyProblems
{
    /// <summary>RFC 6749 §5.2: missing, repeated, unsupported or otherwise malformed.</summary>
    private const string InvalidRequest = "invalid_request";

    /// <summary>The body is in a form that the route does not take, or declares none.</summary>
    public static readonly Problem ContentTypeUnsupported =
        Of(StatusCodes.Status415UnsupportedMediaType, ReasonCodes.ContentTypeUnsupported, "The route does not take a body of this content type");

    /// <summary>The body is longer than any genuine one.</summary>
    public static readonly Problem BodyTooLarge = Of(StatusCodes.Status413PayloadTooLarge, ReasonCodes.BodyTooLarge, "The body is too large");

    /// <summary>The server gave up on the body: it ended early, came too slowly, or was framed wrongly.</summary>
    public static readonly Problem BodyIncomplete = Of(StatusCodes.Status400BadRequest, ReasonCodes.BodyIncomplete, "The body could not be read to its end");

    /// <summary>Bytes that are not UTF-8.</summary>
    public static readonly Problem BodyNotUtf8 = Of(StatusCodes.Status400BadRequest, ReasonCodes.BodyNotUtf8, "The body is not UTF-8");

    /// <summary>Not the JSON object or the form that it says it is.</summary>
    public static readonly Problem BodyMalformed = Of(StatusCodes.Status400BadRequest, ReasonCodes.BodyMalformed, "The body is not what its content type says");

    /// <summary>A member that the route does not know. Its name is the client's, so it is not repeated.</summary>
    public static readonly Problem MemberUnknown = Of(StatusCodes.Status400BadRequest, ReasonCodes.MemberUnknown, "The body has a member that this route does not know");

    /// <summary>Plain http where tokens or passwords travel.</summary>
    public static readonly Problem HttpsRequired = Of(StatusCodes.Status400BadRequest, ReasonCodes.HttpsRequired, "This route is served over https only");

    /// <summary>A password or a token in the query, where logs and histories keep it (RFC 9700 §4.3.2).</summary>
    public static readonly Problem CredentialInQuery =
        Of(StatusCodes.Status400BadRequest, ReasonCodes.CredentialInQuery, "Send credentials in the body, not in the query");

    /// <summary>The cursor of a list is none that a list gave.</summary>
    public static readonly Problem CursorInvalid = Of(StatusCodes.Status400BadRequest, ReasonCodes.CursorInvalid, "The cursor is not one that a list gave");

    /// <summary>A page size outside its range.</summary>
    public static readonly Problem LimitInvalid = Of(StatusCodes.Status400BadRequest, ReasonCodes.LimitInvalid, "The limit is a number from 1 to 100");

    /// <summary>A member that is there twice.</summary>
    /// <param name="name">Null if it is one that the route does not know.</param>
    public static Problem MemberRepeated(string? name) =>
        Of(StatusCodes.Status400BadRequest, ReasonCodes.MemberRepeated, "The body has a member twice") with
        {
            Errors = name is null ? null : Fault(name, ReasonCodes.MemberRepeated, "Send this once."),
        };

    /// <summary>A member of the wrong JSON type, or with a code point that is no character.</summary>
    public static Problem MemberMalformed(string name) =>
        Of(StatusCodes.Status400BadRequest, ReasonCodes.MemberMalformed, "A member of the body has the wrong type") with
        {
            Errors = Fault(name, ReasonCodes.MemberMalformed, "Send text here."),
        };

    /// <summary>Members that are required and not there.</summary>
    public static Problem MembersMissing(IReadOnlyList<string> names) =>
        Of(StatusCodes.Status400BadRequest, ReasonCodes.MemberMissing, "The body lacks a member") with
        {
            Errors = [.. names.Select(static name => new MemberFaults(name, [new MemberFault(ReasonCodes.MemberMissing, "This is required.")]))],
        };

    /// <summary>All that can be wrong with bodies of these members in these forms.</summary>
    public static IReadOnlyList<Problem> OfBodies(IReadOnlyList<BodyMember> members, BodyForms forms)
    {
        List<Problem> refusals =
            [BodyMalformed, BodyNotUtf8, BodyIncomplete, MemberMalformed(members[0].Name), MemberRepeated(members[0].Name), BodyTooLarge, ContentTypeUnsupported];
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
