using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Sessions;

/// <summary>What the calls that set Countersign up hand on to each other.</summary>
/// <param name="services">The app's services.</param>
/// <param name="userType">The app's user type.</param>
public sealed class CountersignBuilder(IServiceCollection services, Type userType)
{
    /// <summary>The app's services.</summary>
    public IServiceCollection Services { get; } = services;

    /// <summary>The app's user type.</summary>
    public Type UserType { get; } = userType;

    /// <summary>The context whose database keeps Countersign's data; null until the stores are added.</summary>
    internal Type? ContextType { get; set; }
}
