using System.Data.Common;
using Countersign.EntityFrameworkCore.Tables;
using Countersign.Sessions.Stores;

namespace Countersign.EntityFrameworkCore.Stores;

/// <summary>The outbox in its table.</summary>
internal sealed class RelationalOutboxStore(StoreDatabase database) : IOutboxStore
{
    private const string Columns =
        "id, kind, user_id, address, culture, network, device, created_at, due_at, attempts, sealed_token, last_error";

    private const string IsWaiting = "done_at IS NULL";

    private const string IsThisWaiting = $"id = @id AND {IsWaiting}";

    /// <inheritdoc />
    public Task<bool> AddAsync(QueuedMail mail, string? key, CancellationToken cancellationToken) => database.WriteAsync(
        async (store, token) => await store.ExecuteAsync(
            $"""
             INSERT INTO {store.Tables.Mail} (id, kind, user_id, address, culture, network, device, created_at, due_at, attempts, waiting_key)
             VALUES (@id, @kind, @user_id, @address, @culture, @network, @device, @created_at, @due_at, 0, @key)
             ON CONFLICT (waiting_key) DO NOTHING
             """,
            token,
            ("@id", mail.Id),
            ("@kind", mail.Kind),
            ("@user_id", mail.UserId),
            ("@address", mail.Address),
            ("@culture", mail.Culture),
            ("@network", mail.Network),
            ("@device", mail.Device),
            ("@created_at", mail.CreatedAt.UtcTicks),
            ("@due_at", mail.DueAt.UtcTicks),
            ("@key", key)).ConfigureAwait(false) == 1,
        cancellationToken);

    /// <inheritdoc />
    public async Task<IReadOnlyList<QueuedMail>> FindDueAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) => await database.RunAsync(
        (store, token) => store.QueryAsync(
            $"SELECT {Columns} FROM {store.Tables.Mail} WHERE {IsWaiting} AND due_at <= @now ORDER BY due_at LIMIT @limit",
            Read,
            token,
            ("@now", now.UtcTicks),
            ("@limit", limit)),
        cancellationToken).ConfigureAwait(false);

    /// <inheritdoc />
    public Task<bool> ClaimAsync(QueuedMail mail, DateTimeOffset nextDue, CancellationToken cancellationToken) => database.WriteAsync(
        async (store, token) => await store.ExecuteAsync(
            $"UPDATE {store.Tables.Mail} SET attempts = attempts + 1, due_at = @due WHERE {IsThisWaiting} AND attempts = @attempts AND due_at = @seen",
            token,
            ("@due", nextDue.UtcTicks),
            ("@id", mail.Id),
            ("@attempts", mail.Attempts),
            ("@seen", mail.DueAt.UtcTicks)).ConfigureAwait(false) == 1,
        cancellationToken);

    /// <inheritdoc />
    public Task PostponeAsync(Guid id, DateTimeOffset due, CancellationToken cancellationToken) =>
        UpdateAsync("attempts = attempts - 1, due_at = @due", cancellationToken, ("@id", id), ("@due", due.UtcTicks));

    /// <inheritdoc />
    public Task FailAsync(Guid id, string error, CancellationToken cancellationToken) =>
        UpdateAsync("last_error = @error", cancellationToken, ("@id", id), ("@error", Cut(error)));

    /// <inheritdoc />
    public Task CloseAsync(
        Guid id, MailOutcome outcome, (string UserId, string Kind)? account, DateTimeOffset now, string? error, CancellationToken cancellationToken) =>
        account is { } counted
            ? UpdateAsync(
                """
                done_at = @now, outcome = @outcome, user_id = @user_id, kind = @kind, last_error = @error,
                address = NULL, culture = NULL, network = NULL, device = NULL, sealed_token = NULL, waiting_key = NULL
                """,
                cancellationToken,
                ("@id", id),
                ("@now", now.UtcTicks),
                ("@outcome", (int)outcome),
                ("@user_id", counted.UserId),
                ("@kind", counted.Kind),
                ("@error", Cut(error)))
            : database.WriteAsync(
                (store, token) => store.ExecuteAsync($"DELETE FROM {store.Tables.Mail} WHERE {IsThisWaiting}", token, ("@id", id)), cancellationToken);

    /// <inheritdoc />
    public async Task<IReadOnlyList<DateTimeOffset>> FindSentAsync(
        string userId, string kind, DateTimeOffset since, CancellationToken cancellationToken) => await database.RunAsync(
        (store, token) => store.QueryAsync(
            $"""
             SELECT done_at FROM {store.Tables.Mail}
             WHERE user_id = @user_id AND kind = @kind AND outcome = @sent AND done_at > @since ORDER BY done_at DESC
             """,
            static reader => Instant(reader, 0),
            token,
            ("@user_id", userId),
            ("@kind", kind),
            ("@sent", (int)MailOutcome.Sent),
            ("@since", since.UtcTicks)),
        cancellationToken).ConfigureAwait(false);

    /// <inheritdoc />
    public Task ReleaseAsync(Guid id, DateTimeOffset now, CancellationToken cancellationToken) =>
        UpdateAsync("due_at = CASE WHEN due_at > @now THEN @now ELSE due_at END", cancellationToken, ("@id", id), ("@now", now.UtcTicks));

    /// <inheritdoc />
    public Task<int> RetryAsync(Guid? id, DateTimeOffset now, CancellationToken cancellationToken) => database.WriteAsync(
        (store, token) => id is { } one
            ? store.ExecuteAsync($"UPDATE {store.Tables.Mail} SET due_at = @now WHERE {IsThisWaiting}", token, ("@id", one), ("@now", now.UtcTicks))
            : store.ExecuteAsync($"UPDATE {store.Tables.Mail} SET due_at = @now WHERE {IsWaiting}", token, ("@now", now.UtcTicks)),
        cancellationToken);

    /// <inheritdoc />
    public async Task<IReadOnlyList<QueuedMail>> ListAsync(int limit, CancellationToken cancellationToken) => await database.RunAsync(
        (store, token) => store.QueryAsync(
            $"SELECT {Columns} FROM {store.Tables.Mail} WHERE {IsWaiting} ORDER BY due_at LIMIT @limit", Read, token, ("@limit", limit)),
        cancellationToken).ConfigureAwait(false);

    /// <inheritdoc />
    public async Task<(DateTimeOffset Oldest, DateTimeOffset NextDue)?> FindQueueAsync(CancellationToken cancellationToken)
    {
        var queue = await database.RunAsync(
            (store, token) => store.QueryAsync(
                $"SELECT MIN(created_at), MIN(due_at) FROM {store.Tables.Mail} WHERE {IsWaiting}",
                static reader => reader.IsDBNull(0) ? default((DateTimeOffset, DateTimeOffset)?) : (Instant(reader, 0), Instant(reader, 1)),
                token),
            cancellationToken).ConfigureAwait(false);
        return queue.Single();
    }

    private Task<int> UpdateAsync(string change, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters) => database.WriteAsync(
        (store, token) => store.ExecuteAsync($"UPDATE {store.Tables.Mail} SET {change} WHERE {IsThisWaiting}", token, parameters), cancellationToken);

    private static string? Cut(string? error) => error?.Length > MailTables.MaxErrorLength ? error[..MailTables.MaxErrorLength] : error;

    private static QueuedMail Read(DbDataReader reader) => new()
    {
        Id = reader.GetGuid(0),
        Kind = reader.GetString(1),
        UserId = Text(reader, 2),
        Address = Text(reader, 3),
        Culture = Text(reader, 4),
        Network = Text(reader, 5),
        Device = Text(reader, 6),
        CreatedAt = Instant(reader, 7),
        DueAt = Instant(reader, 8),
        Attempts = reader.GetInt32(9),
        SealedToken = reader.IsDBNull(10) ? default(ReadOnlyMemory<byte>?) : reader.GetFieldValue<byte[]>(10),
        LastError = Text(reader, 11),
    };

    private static string? Text(DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static DateTimeOffset Instant(DbDataReader reader, int column) => new(reader.GetInt64(column), TimeSpan.Zero);
}
