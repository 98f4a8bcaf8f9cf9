using System.Collections.Concurrent;
using System.Data.Common;
using Countersign.AspNetCore.Tests.Guest;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using SQLitePCL;

namespace Countersign.AspNetCore.Tests.Mail;

/// <summary>
/// Counts the statements that requests run on SQLite, those of Entity Framework and those of the stores. SQLite itself reports them. What runs beside the
/// requests, such as the worker of the outbox, is left out.
/// </summary>
internal sealed class RequestStatements : DbConnectionInterceptor, IDbContextOptionsConfiguration<GuestContext>, IStartupFilter
{
    private readonly AsyncLocal<bool> _isOfARequest = new();
    private readonly ConcurrentQueue<string> _texts = [];

    /// <summary>Adds the count to an app.</summary>
    public GuestSetup Watch(GuestSetup setup) => new()
    {
        Services = services =>
        {
            setup.Services?.Invoke(services);
            services.AddSingleton<IDbContextOptionsConfiguration<GuestContext>>(this);
            services.AddSingleton<IStartupFilter>(this);
        },
        Countersign = setup.Countersign,
    };

    public void Clear() => _texts.Clear();

    /// <summary>How many statements there were, in words.</summary>
    public string Count()
    {
        var reads = _texts.Count(static text => text.StartsWith("SELECT", StringComparison.Ordinal));
        return $"{reads} reads, {_texts.Count - reads} writes";
    }

    public void Configure(IServiceProvider serviceProvider, DbContextOptionsBuilder optionsBuilder) => optionsBuilder.AddInterceptors(this);

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (context, following) =>
        {
            _isOfARequest.Value = true;
            await following(context);
        });
        next(app);
    };

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Trace(connection);

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Trace(connection);
        return Task.CompletedTask;
    }

    private void Trace(DbConnection connection) => raw.sqlite3_trace(
        ((SqliteConnection)connection).Handle!,
        (_, text) =>
        {
            if (_isOfARequest.Value && !text.AsSpan().TrimStart().StartsWith("PRAGMA", StringComparison.Ordinal))
            {
                _texts.Enqueue(text);
            }
        },
        null);
}
