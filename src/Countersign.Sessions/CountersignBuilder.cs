using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Sessions;

/// <summary>The app's services and its user type, which each call that sets up Countersign passes to the next.</summary>
/// <param name="services">The app's services.</param>
/// <param name="userType">The app's user type.</param>
public sealed class CountersignBuilder(IServiceCollection services, Type userType)
{
    /// <summary>The app's services.</summary>
    public IServiceCollection Services { get; } = services;

    /// <summary>The app's user type.</summary>
    public Type UserType { get; } = userType;

    /// <summary>The context whose database stores Countersign's data; null until the stores are added.</summary>
    internal Type? ContextType { get; set; }
}
