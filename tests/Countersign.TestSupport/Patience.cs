using System.Runtime.CompilerServices;

namespace Countersign.TestSupport;

/// <summary>
/// How long a test waits for something that must happen. A test that passes does not wait this long, so the limit costs nothing and only has to be generous.
/// </summary>
public static class Patience
{
    /// <summary>
    /// Three minutes: beside twenty busy processes on two cores everything takes ten times as long as alone, and alone no wait takes more than ten seconds.
    /// </summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks again and again until the condition holds, and fails after <see cref="Limit"/>.</summary>
    /// <param name="condition">What must come true.</param>
    /// <param name="what">The condition's own source text, for the message.</param>
    public static Task UntilAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string? what = null) =>
        UntilAsync(() => Task.FromResult(condition()), what);

    /// <inheritdoc cref="UntilAsync(Func{bool}, string?)"/>
    public static async Task UntilAsync(Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string? what = null)
    {
        var until = Environment.TickCount64 + (long)Limit.TotalMilliseconds;
        while (!await condition())
        {
            Assert.True(Environment.TickCount64 < until, $"This did not come true within {Limit}: {what}");
            await Task.Delay(Pause);
        }
    }
}
