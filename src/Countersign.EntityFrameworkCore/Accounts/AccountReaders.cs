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

    /// <summary>
    /// What lay here for longer is given back to the driver's pool: something between may have forgotten the link without a word. By the machine's clock, since it is a socket that ages.
    /// </summary>
    private static readonly TimeSpan LongestIdle = TimeSpan.FromSeconds(30);

    private readonly ConcurrentQueue<(AccountReader<TKey> Reader, long Timestamp)> _free = new();
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
        while (_free.TryDequeue(out var free))
        {
            await free.Reader.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _isDisposed = true;
        while (_free.TryDequeue(out var free))
        {
            free.Reader.Dispose();
        }
    }

    /// <summary>Takes one that is free; null if there is none.</summary>
    private async ValueTask<AccountReader<TKey>?> TakeAsync()
    {
        while (_free.TryDequeue(out var free))
        {
            Interlocked.Decrement(ref _kept);
            if (free.Reader.IsOpen && TimeProvider.System.GetElapsedTime(free.Timestamp) < LongestIdle)
            {
                return free.Reader;
            }

            // A closed one was so while it lay here, as a driver's keep-alive does it that gets no answer.
            await free.Reader.DisposeAsync().ConfigureAwait(false);
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

        _free.Enqueue((reader, TimeProvider.System.GetTimestamp()));
        if (_isDisposed)
        {
            await DisposeAsync().ConfigureAwait(false);
        }
    }
}
