using System.Collections.Concurrent;
using System.Data.Common;
using Countersign.EntityFrameworkCore.Stores;
using Countersign.Sessions.Accounts;

namespace Countersign.EntityFrameworkCore.Accounts;

/// <summary>The readers of a process: each refresh takes one that is free, or opens one, and a few are kept open.</summary>
internal sealed class AccountReaders<TKey>(StoreDatabase database, AccountStatements statements) : IAsyncDisposable, IDisposable
    where TKey : notnull
{
    /// <summary>More than there are processors could not read at once where reading needs no waiting, and where it does, two queries at once are made of all.</summary>
    private static readonly int MostKept = Math.Max(2, Environment.ProcessorCount);

    private readonly ConcurrentQueue<AccountReader<TKey>> _free = new();
    private int _kept;
    private volatile bool _isDisposed;

    /// <summary>Reads accounts and their roles, as they are in the database when this is called or later.</summary>
    /// <param name="keys">Their keys, each once; one alone unless the statements take several.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <returns>Those that there are.</returns>
    public async Task<Dictionary<TKey, AccountRow>> ReadAsync(IReadOnlyList<TKey> keys, CancellationToken cancellationToken)
    {
        if (await TakeAsync().ConfigureAwait(false) is { } free)
        {
            try
            {
                var rows = await free.ReadAsync(keys, cancellationToken).ConfigureAwait(false);
                await KeepAsync(free).ConfigureAwait(false);
                return rows;
            }
            catch (DbException exception) when (!free.IsOpen && exception.InnerException is not TimeoutException)
            {
                // It broke while nobody looked, as all do when the database is restarted: that says nothing about a new one.
                await free.DisposeAsync().ConfigureAwait(false);
            }
            catch
            {
                await free.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }

        return await OpenAndReadAsync(keys, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        while (_free.TryDequeue(out var reader))
        {
            await reader.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _isDisposed = true;
        while (_free.TryDequeue(out var reader))
        {
            reader.Dispose();
        }
    }

    /// <summary>Takes one that is free; null if there is none.</summary>
    private async ValueTask<AccountReader<TKey>?> TakeAsync()
    {
        while (_free.TryDequeue(out var reader))
        {
            Interlocked.Decrement(ref _kept);
            if (reader.IsOpen)
            {
                return reader;
            }

            // It was closed while it lay here, as a driver's keep-alive does it that gets no answer.
            await reader.DisposeAsync().ConfigureAwait(false);
        }

        return null;
    }

    private async Task<Dictionary<TKey, AccountRow>> OpenAndReadAsync(IReadOnlyList<TKey> keys, CancellationToken cancellationToken)
    {
        var reader = new AccountReader<TKey>(database.CreateContext(), statements);
        try
        {
            var rows = await reader.OpenAndReadAsync(keys, cancellationToken).ConfigureAwait(false);
            await KeepAsync(reader).ConfigureAwait(false);
            return rows;
        }
        catch
        {
            await reader.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async ValueTask KeepAsync(AccountReader<TKey> reader)
    {
        if (Interlocked.Increment(ref _kept) > MostKept)
        {
            Interlocked.Decrement(ref _kept);
            await reader.DisposeAsync().ConfigureAwait(false);
            return;
        }

        _free.Enqueue(reader);
        if (_isDisposed)
        {
            await DisposeAsync().ConfigureAwait(false);
        }
    }
}
