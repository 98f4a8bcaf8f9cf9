using System.Collections.Concurrent;
using Countersign.Sessions;

namespace Countersign.AspNetCore.Tests.Guest;

/// <summary>What an app's events do in a test, and what they were called for.</summary>
internal sealed class EventScript
{
    public ConcurrentQueue<string> Calls { get; } = new();

    public Func<GuestUser, SignUpContext, GuestContext, AccountRefusal?>? Registering { get; set; }

    public Func<GuestUser, IServiceProvider, Task>? Registered { get; set; }

    public Func<GuestUser, SignInContext, AccountRefusal?>? SigningIn { get; set; }

    public Func<GuestUser, Session, Task>? SignedIn { get; set; }

    public Func<GuestUser, Task>? Deleted { get; set; }
}

/// <summary>An app's events, with scoped services.</summary>
internal sealed class GuestEvents(EventScript script, GuestContext context, IServiceProvider services) : IAccountEvents<GuestUser>
{
    public ValueTask<AccountRefusal?> RegisteringAsync(GuestUser user, SignUpContext signUp, CancellationToken cancellationToken)
    {
        script.Calls.Enqueue($"registering {user.Email}");
        return new(script.Registering?.Invoke(user, signUp, context));
    }

    public async ValueTask RegisteredAsync(GuestUser user, SignUpContext signUp)
    {
        script.Calls.Enqueue($"registered {user.Email}");
        await (script.Registered?.Invoke(user, services) ?? Task.CompletedTask);
    }

    public ValueTask<AccountRefusal?> SigningInAsync(GuestUser user, SignInContext signIn, CancellationToken cancellationToken)
    {
        script.Calls.Enqueue($"signing in {user.Email} {string.Join(' ', signIn.Methods)}");
        return new(script.SigningIn?.Invoke(user, signIn));
    }

    public async ValueTask SignedInAsync(GuestUser user, Session session)
    {
        script.Calls.Enqueue($"signed in {user.Email}");
        await (script.SignedIn?.Invoke(user, session) ?? Task.CompletedTask);
    }

    public async ValueTask DeletedAsync(GuestUser user)
    {
        script.Calls.Enqueue($"deleted {user.Email}");
        await (script.Deleted?.Invoke(user) ?? Task.CompletedTask);
    }
}

/// <summary>A second class of events, which needs only some of them.</summary>
internal sealed class LaterEvents(EventScript script) : IAccountEvents<GuestUser>
{
    public ValueTask<AccountRefusal?> RegisteringAsync(GuestUser user, SignUpContext signUp, CancellationToken cancellationToken)
    {
        script.Calls.Enqueue("later registering");
        return default;
    }

    public ValueTask SignedInAsync(GuestUser user, Session session)
    {
        script.Calls.Enqueue("later signed in");
        return default;
    }
}
