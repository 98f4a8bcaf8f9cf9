using System.Diagnostics;
using Countersign.Sessions.Rotation;

namespace Countersign.Sessions.Diagnostics;

/// <summary>
/// The activities of sessions, under the source <c>Countersign</c>. They name no account, no session and no address. Nothing is made while nobody listens.
/// </summary>
internal static class SessionActivities
{
    private const string RefreshName = "countersign.refresh";

    private static readonly ActivitySource Source = new("Countersign");

    /// <summary>Runs a refresh as an activity.</summary>
    public static Task<RefreshResult> ObserveRefreshAsync(Func<Task<RefreshResult>> refresh) =>
        ObserveAsync(RefreshName, refresh, static result => result.TryGetTokens(out _, out var error) ? null : error.Value.ToCode());

    /// <summary>Runs work as an activity while somebody listens. It gets the reason code of a refusal or the type of an exception.</summary>
    /// <param name="name">The activity's name.</param>
    /// <param name="work">The work.</param>
    /// <param name="findError">The reason code of a result; null on success.</param>
    public static Task<TResult> ObserveAsync<TResult>(string name, Func<Task<TResult>> work, Func<TResult, string?> findError) =>
        Source.HasListeners() ? ObserveCoreAsync(name, work, findError) : work();

    /// <summary>Adds the rule that has decided to the activity of the running refresh.</summary>
    public static void Refreshed(RotationCase rotation)
    {
        if (Activity.Current is { OperationName: RefreshName } activity)
        {
            activity.SetTag("countersign.rotation.case", rotation.ToString());
        }
    }

    /// <summary>Begins the activity of one transaction that writes for several requests. It belongs to none of them, so it has no parent.</summary>
    public static Activity? StartBatch(int commands) => Source.HasListeners()
        ? Source.StartActivity("countersign.session_batch", ActivityKind.Internal, parentContext: default, [new("countersign.batch.size", commands)])
        : null;

    /// <summary>Marks an activity that failed.</summary>
    public static void Failed(Activity? activity, Exception exception)
    {
        activity?.SetStatus(ActivityStatusCode.Error);
        activity?.SetTag("error.type", exception.GetType().FullName);
    }

    private static async Task<TResult> ObserveCoreAsync<TResult>(string name, Func<Task<TResult>> work, Func<TResult, string?> findError)
    {
        using var activity = Source.StartActivity(name);
        try
        {
            var result = await work().ConfigureAwait(false);
            activity?.SetTag("error.type", findError(result));
            return result;
        }
        catch (Exception exception)
        {
            Failed(activity, exception);
            throw;
        }
    }
}
