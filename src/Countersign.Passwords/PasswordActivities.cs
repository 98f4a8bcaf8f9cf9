using System.Diagnostics;

namespace Countersign.Passwords;

/// <summary>
/// The activity of a hash, under the source <c>Countersign</c>: from the queue to the answer. It says neither whether the password was right nor whose it is.
/// </summary>
internal static class PasswordActivities
{
    private static readonly ActivitySource Source = new("Countersign");

    /// <summary>Runs work as an activity while somebody listens.</summary>
    public static ValueTask<T> Observe<T>(Func<ValueTask<T>> work) => Source.HasListeners() ? ObserveAsync(work) : work();

    private static async ValueTask<T> ObserveAsync<T>(Func<ValueTask<T>> work)
    {
        using var activity = Source.StartActivity("countersign.password_hash");
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            activity?.SetStatus(ActivityStatusCode.Error);
            activity?.SetTag("error.type", exception.GetType().FullName);
            throw;
        }
    }
}
