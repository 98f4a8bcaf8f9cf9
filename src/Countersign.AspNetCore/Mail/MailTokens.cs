using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Stores;
using Countersign.Sessions.Time;
using Countersign.Tokens.Jose;

namespace Countersign.AspNetCore.Mail;

/// <summary>
/// Makes the tokens of links in mails, and checks them. A token is 32 random bytes. The database has its hash, and, until the mail is sent, the token itself,
/// encrypted.
/// </summary>
internal sealed class MailTokens(IMailTokenStore store, IMailAccounts accounts, SecretBox box, SessionClock clock)
{
    /// <summary>The length of a token as text: 32 bytes in base64url without padding (RFC 4648 §5).</summary>
    public const int TextLength = 43;

    /// <summary>How many wrong passwords may come with one token.</summary>
    public const int MostFailures = 5;

    private const int Bytes = 32;

    /// <summary>What the encrypted tokens are bound to.</summary>
    private const string Use = "mail token";

    /// <summary>
    /// The token of a mail that is about to be sent. The first attempt makes it, and replaces the account's earlier token of this purpose. Later attempts get
    /// the same one. Its lifetime begins now.
    /// </summary>
    /// <returns>Null if a newer mail has replaced the token, or the mail is done.</returns>
    public async Task<string?> TakeAsync(QueuedMail mail, AccountMailKind kind, MailAccount account, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var expiresAt = clock.Now + lifetime;
        if (mail.SealedToken is { } sealedToken && box.TryOpen(sealedToken.Span, Use, mail.Id, out var earlier))
        {
            return await store.ProlongAsync(SHA256.HashData(earlier), expiresAt, cancellationToken).ConfigureAwait(false) ? Text(earlier) : null;
        }

        var made = RandomNumberGenerator.GetBytes(Bytes);
        var token = new MailToken(
            account.UserId, MailKinds.NameOf(kind), SHA256.HashData(made), account.AddressKey, account.Stamp, expiresAt, UsedAt: null);
        return await store.IssueAsync(mail.Id, token, box.Seal(made, Use, mail.Id), cancellationToken).ConfigureAwait(false) ? Text(made) : null;
    }

    /// <summary>Finds the token of a request, and checks everything but its use.</summary>
    /// <param name="text">The token that was sent.</param>
    /// <param name="kind">The mail that it must come from.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// Null if it is unknown, of another purpose or expired, or if the account has another address or security stamp by now, or may not be used. A caller
    /// answers all these cases alike.
    /// </returns>
    public async Task<FoundMailToken?> FindAsync(string text, AccountMailKind kind, CancellationToken cancellationToken)
    {
        if (!TryRead(text, out var hash)
            || await store.FindAsync(hash, cancellationToken).ConfigureAwait(false) is not { } token
            || !string.Equals(token.Purpose, MailKinds.NameOf(kind), StringComparison.Ordinal)
            || token.ExpiresAt <= clock.Now
            || await accounts.FindByIdAsync(token.UserId, cancellationToken).ConfigureAwait(false) is not { IsActive: true } account
            || !string.Equals(token.Address, account.AddressKey, StringComparison.Ordinal)
            || !CryptographicOperations.FixedTimeEquals(token.Stamp.Span, account.Stamp))
        {
            return null;
        }

        return new FoundMailToken(hash, account, token.UsedAt is not null);
    }

    /// <summary>Uses a token up. Of simultaneous uses one succeeds.</summary>
    public Task<bool> UseAsync(FoundMailToken token, CancellationToken cancellationToken) => store.UseAsync(token.Hash, clock.Now, cancellationToken);

    /// <summary>Makes a token usable again, because what it was used for did not happen.</summary>
    public Task ReturnAsync(FoundMailToken token) => store.ReturnAsync(token.Hash, CancellationToken.None);

    /// <summary>Counts a wrong password before it is compared.</summary>
    /// <returns>False if the token allows no more, or was used up.</returns>
    public Task<bool> CountAsync(FoundMailToken token, CancellationToken cancellationToken) =>
        store.CountAsync(token.Hash, MostFailures, clock.Now, cancellationToken);

    /// <summary>Gives back a password that was counted and not compared.</summary>
    public Task UncountAsync(FoundMailToken token) => store.UncountAsync(token.Hash, CancellationToken.None);

    /// <summary>Voids the token of an account and a kind of mail.</summary>
    public Task RemoveAsync(string userId, AccountMailKind kind, CancellationToken cancellationToken) =>
        store.RemoveAsync(userId, MailKinds.NameOf(kind), cancellationToken);

    private static string Text(byte[] token)
    {
        var text = Base64Url.EncodeToString(token);
        CryptographicOperations.ZeroMemory(token);
        return text;
    }

    private static bool TryRead(string text, [NotNullWhen(true)] out byte[]? hash)
    {
        hash = null;
        if (text.Length != TextLength || !Ascii.IsValid(text))
        {
            return false;
        }

        Span<byte> encoded = stackalloc byte[TextLength];
        Span<byte> bytes = stackalloc byte[Bytes];
        Encoding.ASCII.GetBytes(text, encoded);
        if (!Base64UrlStrict.TryDecode(encoded, bytes, out var decoded))
        {
            return false;
        }

        hash = SHA256.HashData(decoded);
        return true;
    }
}

/// <summary>A token that was found and fits its account.</summary>
/// <param name="Hash">The hash of the token.</param>
/// <param name="Account">Its account, as it is now.</param>
/// <param name="IsUsed">Whether it was used up.</param>
internal sealed record FoundMailToken(ReadOnlyMemory<byte> Hash, MailAccount Account, bool IsUsed)
{
    /// <summary>Returns the account's id.</summary>
    public override string ToString() => $"FoundMailToken {Account.UserId}";
}
