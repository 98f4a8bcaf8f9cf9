using System.Globalization;

namespace Countersign.AspNetCore;

/// <summary>One mail of an account, for <see cref="IAccountMail"/>. Texts come from users and clients: a mail in HTML must encode them.</summary>
public sealed class AccountMail
{
    /// <summary>The id of the mail. It stays the same if the mail is sent again after a failure, so a provider can recognise it (an idempotency key).</summary>
    public required Guid Id { get; init; }

    /// <summary>Why the mail is sent.</summary>
    public required AccountMailKind Kind { get; init; }

    /// <summary>The one address that the mail goes to: at most 254 bytes, without line ends, in NFC, perhaps with letters outside ASCII.</summary>
    public required string To { get; init; }

    /// <summary>The account; null if the mail has none.</summary>
    public string? UserId { get; init; }

    /// <summary>The account's display name; null if it has none.</summary>
    public string? DisplayName { get; init; }

    /// <summary>The language that the request preferred (<c>Accept-Language</c>); the invariant culture if none is known.</summary>
    public CultureInfo Culture { get; init; } = CultureInfo.InvariantCulture;

    /// <summary>
    /// The address of the page that the mail is about, with the secret token in its fragment; null for a mail without a link. It is a secret: whoever has
    /// it can do what the mail offers. It must not be logged.
    /// </summary>
    public Uri? Link { get; init; }

    /// <summary>How long the link can be used, from the sending; null for a mail without a link.</summary>
    public TimeSpan? LinkLifetime { get; init; }

    /// <summary>When the request was made, or when that happened which the mail tells.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The network that the request came from: an IPv4 address, or the /64 of an IPv6 address; null if it is not known.</summary>
    public string? Network { get; init; }

    /// <summary>What the request came from, such as <c>Firefox on Windows</c>; null if it is not known. It is the client's own claim.</summary>
    public string? Device { get; init; }

    /// <summary>Returns the kind and the id, because the address is personal and the link is a secret.</summary>
    public override string ToString() => $"{Kind} {Id:D}";
}
