using Countersign.Sessions;

namespace Countersign.StoreSpecification;

/// <summary>The database of one test: what a suite asks of it past the store. Disposing removes it.</summary>
public interface ITestDatabase : IAsyncDisposable
{
    /// <summary>An SQL expression for 16 random bytes.</summary>
    string FreshBytes { get; }

    /// <summary>Registers the store under test on it.</summary>
    void AddTo(CountersignBuilder builder);

    /// <summary>Runs a statement.</summary>
    Task ExecuteAsync(string sql);

    /// <summary>Counts rows.</summary>
    Task<long> CountRowsAsync(string table, string condition);
}
