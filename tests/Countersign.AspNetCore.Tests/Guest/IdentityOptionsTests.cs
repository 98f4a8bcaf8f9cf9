using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Countersign.AspNetCore.Tests.Guest;

/// <summary>The app's IdentityOptions are the app's: what it could save, refuse and lock before, it can after.</summary>
public sealed class IdentityOptionsTests
{
    private static readonly Action<IdentityOptions>[] Setups =
    [
        static _ => { },
        static options => options.User.RequireUniqueEmail = true,
        static options =>
        {
            options.Password.RequireDigit = false;
            options.Password.RequiredLength = 12;
            options.User.AllowedUserNameCharacters = "abc";
        },
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Options_OfTheApp_StayAsTheyAre(int setup)
    {
        var (without, with) = await GuestApp.MeasureAsync(
            static app => Task.FromResult(Describe(app.Services.GetRequiredService<IOptions<IdentityOptions>>().Value)),
            new GuestSetup { Identity = Setups[setup] });

        Assert.Equal(without, with);
    }

    /// <summary>Passwords that break one of Identity's rules of composition each.</summary>
    [Theory]
    [InlineData("a quiet harbour, 7 herons")]
    [InlineData("A QUIET HARBOUR, 7 HERONS")]
    [InlineData("A quiet harbour, no herons")]
    [InlineData("Aquietharbour7herons")]
    public async Task Composition_ThatTheAppAsksFor_IsAskedForStill(string password)
    {
        var (without, with) = await GuestApp.MeasureAsync(app => app.WithManagerAsync(async manager =>
            (await manager.CreateAsync(new GuestUser { UserName = "ann", Email = "ann@example.com" }, password)).ToString()));

        Assert.StartsWith("Failed", without, StringComparison.Ordinal);
        Assert.Equal(without, with);
    }

    [Theory]
    [InlineData("o'brien")]
    [InlineData("b\u00FCcher")]
    [InlineData("two words")]
    public async Task UserNameCharacters_ThatTheAppRefuses_AreRefusedStill(string userName)
    {
        var (without, with) = await GuestApp.MeasureAsync(app => app.WithManagerAsync(async manager =>
            (await manager.CreateAsync(new GuestUser { UserName = userName, Email = "ann@example.com" }, GuestApp.Password)).ToString()));

        Assert.Equal("Failed : InvalidUserName", without);
        Assert.Equal(without, with);
    }

    /// <summary>"bob" has no address; "ann" and "kim" share one.</summary>
    [Theory]
    [InlineData("bob")]
    [InlineData("ann")]
    public async Task Lockout_UserWithoutAnAddressOrSharingOne_LocksAsBefore(string userName)
    {
        var (without, with) = await GuestApp.MeasureAsync(async app =>
        {
            await CreateThreeAsync(app);
            List<string> results = [];
            for (var attempt = 0; attempt < 7; attempt++)
            {
                results.Add(await app.WithIdentityAsync(async (manager, signIn) =>
                    (await signIn.CheckPasswordSignInAsync((await manager.FindByNameAsync(userName))!, "wrong", lockoutOnFailure: true)).ToString()));
            }

            return string.Join(' ', results) + await app.WithUserAsync(userName, static (_, user) => Task.FromResult(user.LockoutEnd is not null));
        });

        Assert.Equal("Failed Failed Failed Failed LockedOut LockedOut LockedOutTrue", without);
        Assert.Equal(without, with);
    }

    [Theory]
    [InlineData("bob")]
    [InlineData("ann")]
    public async Task Changes_UserWithoutAnAddressOrSharingOne_AreSavedAsBefore(string userName)
    {
        var (without, with) = await GuestApp.MeasureAsync(async app =>
        {
            await CreateThreeAsync(app);
            List<IdentityResult> results =
            [
                await app.WithUserAsync(userName, static (manager, user) => manager.AccessFailedAsync(user)),
                await app.WithUserAsync(userName, static (manager, user) => manager.SetLockoutEndDateAsync(user, DateTimeOffset.MaxValue)),
                await app.WithUserAsync(userName, static (manager, user) => manager.SetTwoFactorEnabledAsync(user, enabled: true)),
                await app.WithUserAsync(userName, static (manager, user) => manager.SetPhoneNumberAsync(user, "+4912345")),
                await app.WithUserAsync(userName, static (manager, user) => manager.UpdateAsync(user)),
            ];
            var stored = await app.WithUserAsync(userName, static (_, user) => Task.FromResult(string.Create(
                CultureInfo.InvariantCulture,
                $"{user.AccessFailedCount} {user.LockoutEnd == DateTimeOffset.MaxValue} {user.TwoFactorEnabled} {user.PhoneNumber}")));
            return string.Join(' ', results) + " " + stored;
        });

        Assert.Equal("Succeeded Succeeded Succeeded Succeeded Succeeded 1 True True +4912345", without);
        Assert.Equal(without, with);
    }

    private static async Task CreateThreeAsync(GuestApp app)
    {
        await app.CreateAsync("bob", email: null);
        await app.CreateAsync("ann", "both@example.com");
        await app.CreateAsync("kim", "both@example.com");
    }

    private static string Describe(IdentityOptions options) => string.Create(
        CultureInfo.InvariantCulture,
        $"{options.User.RequireUniqueEmail} {options.User.AllowedUserNameCharacters} {options.Password.RequireDigit} {options.Password.RequireLowercase} " +
        $"{options.Password.RequireUppercase} {options.Password.RequireNonAlphanumeric} " +
        $"{options.Password.RequiredLength} {options.Password.RequiredUniqueChars} " +
        $"{options.SignIn.RequireConfirmedEmail} {options.SignIn.RequireConfirmedAccount} " +
        $"{options.Lockout.MaxFailedAccessAttempts} {options.Stores.SchemaVersion}");
}
