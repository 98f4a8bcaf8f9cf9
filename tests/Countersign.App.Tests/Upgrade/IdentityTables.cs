using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.App.Tests.Upgrade;

/// <summary>Another program on the app's tables, without Countersign: the tool of an administrator, with Identity's own <c>UserManager</c>.</summary>
internal sealed class IdentityTables(string file) : IDisposable
{
    private readonly ServiceProvider _services = Build(file);

    public void Dispose() => _services.Dispose();

    /// <summary>Does something with an account.</summary>
    /// <returns>What was done has succeeded.</returns>
    public async Task WithAsync(string email, Func<UserManager<IdentityUser>, IdentityUser, Task<IdentityResult>> change)
    {
        await using var scope = _services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<IdentityUser>>();
        var result = await change(users, (await users.FindByEmailAsync(email))!);
        Assert.True(result.Succeeded, $"{email}: {result}");
    }

    /// <summary>Asks something about an account.</summary>
    public async Task<T> ReadAsync<T>(string email, Func<IdentityUser, T> question)
    {
        await using var scope = _services.CreateAsyncScope();
        return question((await scope.ServiceProvider.GetRequiredService<UserManager<IdentityUser>>().FindByEmailAsync(email))!);
    }

    /// <summary>Makes an account whose address is confirmed.</summary>
    /// <param name="email">Its address.</param>
    /// <param name="password">Its password; null for an account without one.</param>
    public async Task CreateAsync(string email, string? password = null)
    {
        await using var scope = _services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<IdentityUser>>();
        var user = new IdentityUser { UserName = email, Email = email, EmailConfirmed = true };
        var result = password is null ? await users.CreateAsync(user) : await users.CreateAsync(user, password);
        Assert.True(result.Succeeded, $"{email}: {result}");
    }

    public async Task CreateRoleAsync(string name)
    {
        await using var scope = _services.CreateAsyncScope();
        var result = await scope.ServiceProvider.GetRequiredService<RoleManager<IdentityRole>>().CreateAsync(new IdentityRole(name));
        Assert.True(result.Succeeded, $"{name}: {result}");
    }

    /// <summary>Its passwords are hashed in the format of before ASP.NET Core.</summary>
    private static ServiceProvider Build(string file)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddDbContext<Context>(o => o.UseSqlite($"Data Source={file};Pooling=False"));
        services.AddIdentityCore<IdentityUser>().AddRoles<IdentityRole>().AddEntityFrameworkStores<Context>();
        services.Configure<PasswordHasherOptions>(static o => o.CompatibilityMode = PasswordHasherCompatibilityMode.IdentityV2);
        return services.BuildServiceProvider();
    }

    private sealed class Context(DbContextOptions<Context> options) : IdentityDbContext<IdentityUser>(options);
}
