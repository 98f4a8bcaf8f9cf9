using Countersign.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.AspNetCore.Tests.Guest;

/// <summary>What an app under test has of its own. Each part is null for nothing.</summary>
internal sealed class GuestSetup
{
    /// <summary>Identity's options, as the app sets them.</summary>
    public Action<IdentityOptions>? Identity { get; init; }

    /// <summary>Services of the app, registered before Countersign.</summary>
    public Action<IServiceCollection>? Services { get; init; }

    /// <summary>Countersign's options, as the app sets them in code.</summary>
    public Action<CountersignOptions>? Countersign { get; init; }

    /// <summary>What the app adds to Countersign, after <c>AddCountersign</c>.</summary>
    public Action<CountersignBuilder>? Builder { get; init; }

    /// <summary>Configuration, on top of the issuer and the master key.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>Maps Countersign's routes; null for <c>MapCountersign()</c>. Not called in the app without Countersign.</summary>
    public Action<WebApplication>? Map { get; init; }

    /// <summary>Maps the app's own routes, in both apps.</summary>
    public Action<WebApplication>? MapApp { get; init; }

    public string Environment { get; init; } = "Production";
}
