using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Countersign.AspNetCore.Tests.Support;

/// <summary>Keeps what was logged, at every level.</summary>
internal sealed class LogLines : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(int Event, string Text)> _lines = new();

    public IReadOnlyCollection<(int Event, string Text)> Lines => _lines;

    public bool Has(int eventId) => _lines.Any(line => line.Event == eventId);

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue((eventId.Id, $"{formatter(state, exception)} {exception}"));

    public void Dispose()
    {
    }
}
