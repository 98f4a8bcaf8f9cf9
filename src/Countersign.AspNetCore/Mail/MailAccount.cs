namespace Countersign.AspNetCore.Mail;

/// <summary>What the mails of an account need to know of it.</summary>
internal sealed class MailAccount
{
    public required string UserId { get; init; }

    /// <summary>The stored address, which mails go to.</summary>
    public required string Email { get; init; }

    /// <summary>The address in the one spelling that stands for all. Tokens are bound to it.</summary>
    public required string AddressKey { get; init; }

    public required bool IsEmailConfirmed { get; init; }

    /// <summary>Whether the account may be used. A deactivated or banned account gets no mail.</summary>
    public required bool IsActive { get; init; }

    /// <summary>The hash of the security stamp. Tokens are bound to it.</summary>
    public required byte[] Stamp { get; init; }

    /// <summary>Null if the account has none.</summary>
    public string? DisplayName { get; init; }

    /// <summary>Returns only the id.</summary>
    public override string ToString() => $"MailAccount {UserId}";
}
