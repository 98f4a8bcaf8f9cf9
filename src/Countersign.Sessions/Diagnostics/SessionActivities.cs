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

    /// <summary>Begins the activity of a refresh.</summary>
    public static Activity? StartRefresh() => Source.StartActivity(RefreshName);

    /// <summary>Adds the decision to the activity of the running refresh.</summary>
    public static void Refreshed(RotationCase rotation, RefreshError? error)
    {
        if (Activity.Current is { OperationName: RefreshName } activity)
        {
            activity.SetTag("countersign.rotation.case", rotation.ToString());
            activity.SetTag("error.type", error?.ToCode());
        }
    }

    /// <summary>Begins the activity of one transaction that writes for several requests. It belongs to none of them, so it has no parent.</summary>
    public static Activity? StartBatch(int commands) => Source.HasListeners()
        ? Source.StartActivity("countersign.session_batch", ActivityKind.Internal, parentContext: default, [new("countersign.batch.size", commands)])
        : null;

    /// <summary>Marks the activity of a batch that failed.</summary>
    public static void Failed(Activity? activity, Exception exception)
    {
        activity?.SetStatus(ActivityStatusCode.Error);
        activity?.SetTag("error.type", exception.GetType().FullName);
    }
}
