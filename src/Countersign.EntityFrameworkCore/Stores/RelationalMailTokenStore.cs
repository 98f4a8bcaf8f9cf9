using System.Data.Common;
using Countersign.Sessions.Stores;

namespace Countersign.EntityFrameworkCore.Stores;

/// <summary>The tokens of links in mails, in their table.</summary>
internal sealed class RelationalMailTokenStore(StoreDatabase database) : IMailTokenStore
{
    private const string IsUsable = "token_hash = @hash AND used_at IS NULL AND expires_at > @now";

    /// <inheritdoc />
    public Task<bool> IssueAsync(Guid mailId, MailToken token, ReadOnlyMemory<byte> sealedToken, CancellationToken cancellationToken) =>
        database.RunInTransactionAsync(
            async (store, ending) =>
            {
                if (await store.ExecuteAsync(
                    $"UPDATE {store.Tables.Mail} SET sealed_token = @sealed WHERE id = @id AND done_at IS NULL",
                    ending,
                    ("@sealed", sealedToken.ToArray()),
                    ("@id", mailId)).ConfigureAwait(false) == 0)
                {
                    return false;
                }

                await store.ExecuteAsync(
                    $"""
                     INSERT INTO {store.Tables.MailTokens} (user_id, purpose, token_hash, address, stamp, expires_at, used_at, failures)
                     VALUES (@user_id, @purpose, @hash, @address, @stamp, @expires_at, NULL, 0)
                     ON CONFLICT (user_id, purpose) DO UPDATE SET
                       token_hash = @hash, address = @address, stamp = @stamp, expires_at = @expires_at, used_at = NULL, failures = 0
                     """,
                    ending,
                    ("@user_id", token.UserId),
                    ("@purpose", token.Purpose),
                    ("@hash", token.Hash.ToArray()),
                    ("@address", token.Address),
                    ("@stamp", token.Stamp.ToArray()),
                    ("@expires_at", token.ExpiresAt.UtcTicks)).ConfigureAwait(false);
                return true;
            },
            cancellationToken);

    /// <inheritdoc />
    public Task<bool> ProlongAsync(ReadOnlyMemory<byte> hash, DateTimeOffset expiresAt, CancellationToken cancellationToken) => ChangeAsync(
        "expires_at = @expires_at",
        "token_hash = @hash AND used_at IS NULL",
        cancellationToken,
        ("@hash", hash.ToArray()),
        ("@expires_at", expiresAt.UtcTicks));

    /// <inheritdoc />
    public async Task<MailToken?> FindAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellationToken)
    {
        var found = await database.RunAsync(
            (store, token) => store.QueryAsync(
                $"SELECT user_id, purpose, token_hash, address, stamp, expires_at, used_at FROM {store.Tables.MailTokens} WHERE token_hash = @hash",
                Read,
                token,
                ("@hash", hash.ToArray())),
            cancellationToken).ConfigureAwait(false);
        return found.SingleOrDefault();
    }

    /// <inheritdoc />
    public Task<bool> UseAsync(ReadOnlyMemory<byte> hash, DateTimeOffset now, CancellationToken cancellationToken) =>
        ChangeAsync("used_at = @now", IsUsable, cancellationToken, ("@hash", hash.ToArray()), ("@now", now.UtcTicks));

    /// <inheritdoc />
    public Task ReturnAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellationToken) =>
        ChangeAsync("used_at = NULL", "token_hash = @hash", cancellationToken, ("@hash", hash.ToArray()));

    /// <inheritdoc />
    public Task<bool> CountAsync(ReadOnlyMemory<byte> hash, int most, DateTimeOffset now, CancellationToken cancellationToken) => ChangeAsync(
        "failures = failures + 1", $"{IsUsable} AND failures < @most", cancellationToken, ("@hash", hash.ToArray()), ("@now", now.UtcTicks), ("@most", most));

    /// <inheritdoc />
    public Task UncountAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellationToken) =>
        ChangeAsync("failures = failures - 1", "token_hash = @hash AND failures > 0", cancellationToken, ("@hash", hash.ToArray()));

    /// <inheritdoc />
    public Task RemoveAsync(string userId, string purpose, CancellationToken cancellationToken) => database.WriteAsync(
        (store, token) => store.ExecuteAsync(
            $"DELETE FROM {store.Tables.MailTokens} WHERE user_id = @user_id AND purpose = @purpose",
            token,
            ("@user_id", userId),
            ("@purpose", purpose)),
        cancellationToken);

    private Task<bool> ChangeAsync(
        string change, string condition, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters) => database.WriteAsync(
        async (store, token) => await store.ExecuteAsync(
            $"UPDATE {store.Tables.MailTokens} SET {change} WHERE {condition}", token, parameters).ConfigureAwait(false) == 1,
        cancellationToken);

    private static MailToken Read(DbDataReader reader) => new(
        reader.GetString(0),
        reader.GetString(1),
        reader.GetFieldValue<byte[]>(2),
        reader.GetString(3),
        reader.GetFieldValue<byte[]>(4),
        new DateTimeOffset(reader.GetInt64(5), TimeSpan.Zero),
        reader.IsDBNull(6) ? null : new DateTimeOffset(reader.GetInt64(6), TimeSpan.Zero));
}
