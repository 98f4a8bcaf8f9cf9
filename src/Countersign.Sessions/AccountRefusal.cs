using System.Text.RegularExpressions;
using Countersign.Tokens;

namespace Countersign.Sessions;

/// <summary>Why the app refuses a sign-up or a login, in the app's own words. The route answers 403 with them.</summary>
public sealed partial class AccountRefusal
{
    private const int MaxCodeLength = 64;
    private const int MaxDetailLength = 200;

    private static readonly HashSet<string> Taken = new(
        typeof(ReasonCodes).GetFields().Select(static field => (string)field.GetRawConstantValue()!), StringComparer.Ordinal);

    /// <param name="code">
    /// The stable code for the client: 1 to 64 characters in snake case, such as <c>trial_over</c>. It must not be a reason code of Countersign.
    /// </param>
    /// <param name="detail">One sentence for a person, in any language: 1 to 200 characters without line breaks and other control characters.</param>
    /// <exception cref="ArgumentException">The code or the detail is not as described.</exception>
    public AccountRefusal(string code, string detail)
    {
        ArgumentNullException.ThrowIfNull(code);
        ArgumentNullException.ThrowIfNull(detail);
        if (!IsSnakeCase(code))
        {
            throw new ArgumentException(
                $"\"{code}\" is not a code: write up to {MaxCodeLength} letters and digits in snake case, such as trial_over.", nameof(code));
        }

        if (Taken.Contains(code))
        {
            throw new ArgumentException($"\"{code}\" is a reason code of Countersign, and clients would take it for that. Choose another one.", nameof(code));
        }

        if (!IsDetail(detail))
        {
            throw new ArgumentException($"Write one sentence of up to {MaxDetailLength} characters, without control characters.", nameof(detail));
        }

        Code = code;
        Detail = detail;
    }

    /// <summary>The member <c>code</c> of the answer.</summary>
    public string Code { get; }

    /// <summary>The member <c>detail</c> of the answer.</summary>
    public string Detail { get; }

    /// <summary>Whether a text can be a code.</summary>
    internal static bool IsCode(string code) => IsSnakeCase(code) && !Taken.Contains(code);

    /// <summary>Whether a text can be a detail.</summary>
    internal static bool IsDetail(string detail) => !string.IsNullOrWhiteSpace(detail) && detail.Length <= MaxDetailLength && !detail.Any(char.IsControl);

    private static bool IsSnakeCase(string code) => code.Length <= MaxCodeLength && SnakeCase().IsMatch(code);

    [GeneratedRegex("^[a-z][a-z0-9]*(_[a-z0-9]+)*\\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SnakeCase();
}
