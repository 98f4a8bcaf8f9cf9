using System.Diagnostics.CodeAnalysis;
using Countersign.Sessions.Keys;
using Countersign.Tokens.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Countersign.Sessions;

/// <summary>Registers what runs at the host's start, except in a tool that starts the app at build time.</summary>
internal static class StartupServices
{
    /// <summary>Adds a service once, after those that are registered already.</summary>
    public static void AddStartup<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TService>(
        this IServiceCollection services, Func<IServiceProvider, TService>? create = null)
        where TService : class, IHostedService
    {
        if (!BuildTime.IsDocumentTool)
        {
            services.TryAddEnumerable(
                create is null ? ServiceDescriptor.Singleton<IHostedService, TService>() : ServiceDescriptor.Singleton<IHostedService, TService>(create));
        }
    }

    /// <summary>Has options checked when the host starts.</summary>
    public static void CheckAtStart<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
        this OptionsBuilder<TOptions> options)
        where TOptions : class
    {
        if (!BuildTime.IsDocumentTool)
        {
            options.ValidateOnStart();
        }
    }

    /// <summary>
    /// Adds a check of the database once, before Countersign's services that read it. It comes after the app's own services that were registered before
    /// <c>AddCountersign</c>: one of them may apply the migrations.
    /// </summary>
    public static void AddDatabaseCheck<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TService>(
        this IServiceCollection services)
        where TService : class, IDatabaseCheck
    {
        if (BuildTime.IsDocumentTool || services.Any(static service => service.ImplementationType == typeof(TService)))
        {
            return;
        }

        // The last check that is added runs first: that of a provider can say more than the general one.
        var index = services.Select(static (service, index) => (service, index))
            .FirstOrDefault(static one => one.service.ImplementationType is { } type
                && (type == typeof(SigningModeStartup) || type.IsAssignableTo(typeof(IDatabaseCheck))))
            .index;
        services.Insert(index, ServiceDescriptor.Singleton<IHostedService, TService>());
    }
}
