using Microsoft.EntityFrameworkCore;

namespace Countersign.Testing;

/// <summary>How the app under test differs from the app in production.</summary>
public sealed class CountersignTestingOptions
{
    /// <summary>The clock of all Countersign's services, such as a <c>FakeTimeProvider</c>; null, the default, for the one that the app has.</summary>
    public TimeProvider? Time { get; set; }

    /// <summary>Takes the mails of the app, if it sends any: the app's <c>IAccountMail</c> is replaced, so a test never sends a real mail.</summary>
    public TestMailbox Mailbox { get; } = new();

    /// <summary>The context types whose tables are made before the app starts.</summary>
    internal IList<Type> Contexts { get; } = [];

    /// <summary>
    /// Makes the tables of a context before the app starts, by <c>EnsureCreated</c>. For an app whose migrations are applied outside of it. The app must not
    /// apply migrations to the same database.
    /// </summary>
    /// <typeparam name="TContext">The context.</typeparam>
    public void CreateTables<TContext>()
        where TContext : DbContext => Contexts.Add(typeof(TContext));
}
