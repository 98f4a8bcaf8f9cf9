using Countersign.AspNetCore.Mail;
using Countersign.AspNetCore.Identity;
using Countersign.AspNetCore.Tests.Support;
using Countersign.Passwords.Rules;
using Countersign.Sessions;
using Countersign.Tokens.Revocation;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using App = Countersign.AspNetCore.Tests.Support.TestApp<Countersign.AspNetCore.Tests.Support.AppUser, string>;

namespace Countersign.AspNetCore.Tests.Identity;

public sealed class IdentityAccountEditorTests
{
    private const string NewPassword = "three herons by the weir";

    [Fact]
    public async Task RegisterAsync_NewAddress_MakesAnAccountWithNothingElseSet()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        await using var app = await App.StartAsync(services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(time)));

        var change = await app.Editor.RegisterAsync("Ann@example.com", App.Password, "Ann", default, null, MailRequest.None, default);

        Assert.True(change.Succeeded);
        var profile = change.Profile;
        Assert.Equal(("Ann@example.com", false, "Ann", true), (profile.Email, profile.EmailConfirmed, profile.DisplayName, profile.IsActive));
        Assert.Equal(time.GetUtcNow(), profile.CreatedAt);
        Assert.Empty(profile.Roles);
        var stored = (await app.ReadAsync(profile.Id))!;
        Assert.Equal(("Ann@example.com", "ANN@EXAMPLE.COM"), (stored.UserName, stored.NormalizedEmail));
        Assert.StartsWith("$2b$04$", stored.PasswordHash, StringComparison.Ordinal);
        Assert.Equal((1, 1), (app.Hashes.New, app.Hashes.All));
    }

    /// <summary>What is sent, and the fault it has.</summary>
    public static TheoryData<string, string, string?, int> Refusals => new()
    {
        { "not an address", NewPassword, null, (int)AccountError.EmailInvalid },
        { "ann@example.com", NewPassword, null, (int)AccountError.EmailTaken },
        { "ANN@EXAMPLE.COM", NewPassword, null, (int)AccountError.EmailTaken },
        { "name@example.com", NewPassword, null, (int)AccountError.EmailTaken },
        { "ann@localhost", NewPassword, null, (int)AccountError.EmailInvalid },
        { "ann@example.com", "short", null, (int)AccountError.PasswordRefused },
        { "name@example.com", "password", null, (int)AccountError.PasswordRefused },
        { "ann@example.com", NewPassword, "a\nb", (int)AccountError.DisplayNameInvalid },
        { "new@example.com", "short", null, (int)AccountError.PasswordRefused },
        { "new@example.com", "password", null, (int)AccountError.PasswordRefused },
        { "new@example.com", "new@example.com", null, (int)AccountError.PasswordRefused },
        { "new@example.com", "lone surrogate \uD800 here", null, (int)AccountError.PasswordRefused },
        { "new@example.com", NewPassword, "", (int)AccountError.DisplayNameInvalid },
        { "new@example.com", NewPassword, "a\nb", (int)AccountError.DisplayNameInvalid },
        { "new@example.com", NewPassword, "a\u202Eb", (int)AccountError.DisplayNameInvalid },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task RegisterAsync_Refused_SaysWhyAndHashesNothing(string email, string password, string? displayName, int fault)
    {
        await using var app = await App.StartAsync();
        await app.CreateAsync("ann@example.com", "ann");
        await app.CreateAsync("other@example.com", "name@example.com");
        app.Hashes.Reset();

        var change = await app.Editor.RegisterAsync(email, password, displayName, default, null, MailRequest.None, default);

        Assert.False(change.Succeeded);
        Assert.Equal((AccountError)fault, change.Fault);
        Assert.Equal(change.Fault is AccountError.PasswordRefused, change.Violations.Count > 0);
        Assert.Equal(0, app.Hashes.All);
        Assert.Equal(2, await CountAsync(app));
    }

    [Fact]
    public async Task RegisterAsync_RulesOfTheApp_AreHeardAndNamedAlike()
    {
        await using var app = await App.StartAsync(services => services.Configure<IdentityOptions>(options => options.Password.RequireDigit = true));

        var change = await app.Editor.RegisterAsync("ann@example.com", "no digits", null, default, null, MailRequest.None, default);

        Assert.Equal("password_requires_digit", Assert.Single(change.Violations).Code);
        change = await app.Editor.RegisterAsync("ann@example.com", "short", null, default, null, MailRequest.None, default);
        Assert.Equal(
            "password_requires_digit password_too_short",
            string.Join(" ", change.Violations.Select(violation => violation.Code).Order(StringComparer.Ordinal)));
        Assert.Contains(change.Violations, violation => violation.Rule == PasswordRule.TooShort);
        Assert.True((await app.Editor.RegisterAsync("ann@example.com", "one digit 1", null, default, null, MailRequest.None, default)).Succeeded);
    }

    [Fact]
    public async Task RegisterAsync_SameAddressSixteenTimesAtOnce_OneAccountAndNoException()
    {
        await using var app = await App.StartAsync();
        string[] spellings = ["kim@example.com", "KIM@example.com", "Kim@Example.Com", "kim@EXAMPLE.com"];

        var changes = await Task.WhenAll(Enumerable.Range(0, 16).Select(
            index => Task.Run(
                () => app.Editor.RegisterAsync(spellings[index % spellings.Length], App.Password, null, default, null, MailRequest.None, default))));

        Assert.Single(changes, change => change.Succeeded);
        Assert.Equal(15, changes.Count(change => change.Fault is AccountError.EmailTaken));
        Assert.Equal(1, await CountAsync(app));
    }

    [Fact]
    public async Task RegisterAsync_UserTypeWithoutDisplayName_RefusesOne()
    {
        await using var app = await App.StartAsync(
            services => services.PostConfigure<CountersignUserOptions<AppUser>>(options => options.DisplayName = null));

        var change = await app.Editor.RegisterAsync("ann@example.com", App.Password, "Ann", default, null, MailRequest.None, default);

        Assert.Equal(AccountError.DisplayNameUnsupported, change.Fault);
        Assert.True((await app.Editor.RegisterAsync("ann@example.com", App.Password, null, default, null, MailRequest.None, default)).Succeeded);
    }

    [Fact]
    public async Task ChangePasswordAsync_Done_EndsEverySessionAndMovesTheStamp()
    {
        await using var app = await App.StartAsync();
        var ann = await app.CreateAsync();
        var stamp = (await app.ReadAsync(ann))!.SecurityStamp;
        var sessions = new[] { await app.StartSessionAsync(ann), await app.StartSessionAsync(ann) };

        Assert.True((await app.Editor.ChangePasswordAsync(ann, NewPassword, null, default, MailRequest.None, default)).Succeeded);

        foreach (var session in sessions)
        {
            Assert.Equal(RevocationReason.PasswordChanged, await app.EndOfAsync(session));
        }

        Assert.False(string.Equals(stamp, (await app.ReadAsync(ann))!.SecurityStamp, StringComparison.Ordinal));
        Assert.True((await app.CheckByNameAsync("ann", NewPassword)).Succeeded);
    }

    [Fact]
    public async Task ChangePasswordAsync_PasswordRefused_ChangesNothing()
    {
        await using var app = await App.StartAsync();
        var ann = await app.CreateAsync();
        var session = await app.StartSessionAsync(ann);
        var hash = (await app.ReadAsync(ann))!.PasswordHash;

        var change = await app.Editor.ChangePasswordAsync(ann, "short", null, default, MailRequest.None, default);

        Assert.Equal("password_too_short", Assert.Single(change.Violations).Code);
        Assert.Equal(hash, (await app.ReadAsync(ann))!.PasswordHash);
        Assert.Null(await app.EndOfAsync(session));
    }

    [Fact]
    public async Task ChangePasswordAsync_PasswordChangedSinceTheCheck_IsAConflictAndChangesNothing()
    {
        await using var app = await App.StartAsync();
        var ann = await app.CreateAsync();
        var check = await app.CheckByIdAsync(ann, App.Password);
        Assert.True((await app.Editor.ChangePasswordAsync(ann, NewPassword, check.Stamp, default, MailRequest.None, default)).Succeeded);
        var session = await app.StartSessionAsync(ann);

        // The one who knew only the old password was checked before the change, and comes after it.
        var late = await app.Editor.ChangePasswordAsync(ann, "a third harbour", check.Stamp, default, MailRequest.None, default);
        Assert.Equal(AccountError.Conflict, late.Fault);
        Assert.Equal(AccountError.Conflict, (await app.Editor.DeleteAsync(ann, check.Stamp, default)).Fault);

        Assert.Null(await app.EndOfAsync(session));
        Assert.True((await app.CheckByIdAsync(ann, NewPassword)).Succeeded);
    }

    [Fact]
    public async Task ChangePasswordAsync_PasswordChangedOnceMore_TheFirstChangesStampStartsNoSession()
    {
        await using var app = await App.StartAsync();
        var ann = await app.CreateAsync();
        var change = await app.Editor.ChangePasswordAsync(ann, NewPassword, null, default, MailRequest.None, default);
        Assert.True((await app.Sessions.StartAsync(ann, new SignInContext { Stamp = change.Stamp })).Succeeded);

        await app.Editor.ChangePasswordAsync(ann, "a third harbour", null, default, MailRequest.None, default);

        Assert.False((await app.Sessions.StartAsync(ann, new SignInContext { Stamp = change.Stamp })).Succeeded);
    }

    [Fact]
    public async Task ChangePasswordAsync_ClientLeavesOnceItIsSaved_EndsEverySessionAllTheSame()
    {
        // A manager of the app's own, on which nothing but the editor ends sessions.
        using var leaves = new CancellationTokenSource();
        await using var app = await App.StartAsync(
            services => services.AddSingleton(leaves), identity => identity.AddUserManager<LeavingManager>());
        var ann = await app.CreateAsync(password: null);
        var session = await app.StartSessionAsync(ann);

        await app.Editor.ChangePasswordAsync(ann, NewPassword, null, default, MailRequest.None, leaves.Token);

        Assert.True(leaves.IsCancellationRequested);
        Assert.Equal(RevocationReason.PasswordChanged, await app.EndOfAsync(session));
    }

    [Fact]
    public async Task SetDisplayNameAsync_NameThenNull_SetsAndRemoves()
    {
        await using var app = await App.StartAsync();
        var ann = await app.CreateAsync();
        var session = await app.StartSessionAsync(ann);

        Assert.Equal("\u05D0\u05E0", (await app.Editor.SetDisplayNameAsync(ann, "\u05D0\u05E0", default)).Profile!.DisplayName);
        Assert.Null((await app.Editor.SetDisplayNameAsync(ann, null, default)).Profile!.DisplayName);
        Assert.Equal(AccountError.DisplayNameInvalid, (await app.Editor.SetDisplayNameAsync(ann, new string('a', 129), default)).Fault);
        Assert.Equal(AccountError.NotFound, (await app.Editor.SetDisplayNameAsync("nobody", "Ann", default)).Fault);
        Assert.Null(await app.EndOfAsync(session));
    }

    [Fact]
    public async Task SetDisplayNameAsync_ManyAtOnce_EachIsDoneOrAConflict()
    {
        await using var app = await App.StartAsync();
        var ann = await app.CreateAsync();

        var changes = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            index => Task.Run(() => app.Editor.SetDisplayNameAsync(ann, $"Ann {index}", default))));

        Assert.Contains(changes, change => change.Succeeded);
        Assert.All(changes, change => Assert.True(change.Succeeded || change.Fault is AccountError.Conflict));
    }

    [Fact]
    public async Task DeleteAsync_Account_IsGoneWithItsSessions()
    {
        await using var app = await App.StartAsync();
        var ann = await app.CreateAsync();
        var session = await app.StartSessionAsync(ann);

        Assert.Equal(ann, (await app.Editor.DeleteAsync(ann, null, default)).Profile!.Id);

        Assert.Equal(RevocationReason.AccountDeleted, await app.EndOfAsync(session));
        Assert.Null(await app.ReadAsync(ann));
        Assert.Equal(AccountError.NotFound, (await app.Editor.DeleteAsync(ann, null, default)).Fault);
    }

    [Fact]
    public async Task TryReplaceHashAsync_OtherHashThanRead_ReplacesNothing()
    {
        await using var app = await App.StartAsync();
        var ann = await app.CreateAsync();
        var before = (await app.ReadAsync(ann))!;

        Assert.False(await app.Editor.TryReplaceHashAsync(ann, "another", "new", default));
        Assert.False(await app.Editor.TryReplaceHashAsync("nobody", before.PasswordHash!, "new", default));
        Assert.Equal(before.PasswordHash, (await app.ReadAsync(ann))!.PasswordHash);
        Assert.True(await app.Editor.TryReplaceHashAsync(ann, before.PasswordHash!, "new", default));
        var after = (await app.ReadAsync(ann))!;
        Assert.Equal(("new", before.SecurityStamp), (after.PasswordHash, after.SecurityStamp));
    }

    [Fact]
    public async Task TryReplaceHashAsync_ManyAtOnce_OneReplaces()
    {
        await using var app = await App.StartAsync();
        var ann = await app.CreateAsync();
        var hash = (await app.ReadAsync(ann))!.PasswordHash!;

        var replaced = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            index => Task.Run(() => app.Editor.TryReplaceHashAsync(ann, hash, $"new {index}", default))));

        Assert.Single(replaced, done => done);
    }

    [Fact]
    public async Task LoadAsync_RequestScope_GivesTheEntityThatTheAppCanSave()
    {
        await using var app = await App.StartAsync();
        var ann = await app.CreateAsync();
        await using (var scope = app.Services.CreateAsyncScope())
        {
            var loaded = (await app.Editor.LoadAsync(scope.ServiceProvider, ann, default))!.Value;
            var user = (AppUser)loaded.Account;
            Assert.True(loaded.MayBeUsed);
            user.DisplayName = "Ann";
            await scope.ServiceProvider.GetRequiredService<AppContext<AppUser, string>>().SaveChangesAsync();
        }

        Assert.Equal("Ann", (await app.ReadAsync(ann))!.DisplayName);
    }

    [Theory]
    [InlineData("disabled", false)]
    [InlineData("banned", false)]
    [InlineData("locked", true)]
    public async Task LoadAsync_AccountThatMayNotBeUsed_SaysSo(string state, bool mayBeUsed)
    {
        await using var app = await App.StartAsync();
        var ann = await app.CreateAsync();
        await (state switch
        {
            "banned" => app.LockAsync(ann, TimeSpan.FromDays(2)),
            "locked" => app.LockAsync(ann, TimeSpan.FromHours(23)),
            _ => app.WithUserAsync(ann, (manager, user) =>
            {
                user.IsDisabled = true;
                return manager.UpdateAsync(user);
            }),
        });
        await using var scope = app.Services.CreateAsyncScope();

        Assert.Equal(mayBeUsed, (await app.Editor.LoadAsync(scope.ServiceProvider, ann, default))!.Value.MayBeUsed);
        Assert.Equal(mayBeUsed, (await app.Editor.FindProfileAsync(ann, default))!.IsActive);
    }

    private static async Task<int> CountAsync(App app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<AppContext<AppUser, string>>().Users.CountAsync();
    }

    /// <summary>Not built on ours. With the account's change saved, its client is gone.</summary>
    private sealed class LeavingManager(
        IUserStore<AppUser> store,
        IOptions<IdentityOptions> options,
        IPasswordHasher<AppUser> hasher,
        ILookupNormalizer normalizer,
        IdentityErrorDescriber errors,
        IServiceProvider services,
        ILogger<UserManager<AppUser>> logger,
        CancellationTokenSource leaves)
        : UserManager<AppUser>(store, options, hasher, [], [], normalizer, errors, services, logger)
    {
        protected override async Task<IdentityResult> UpdateUserAsync(AppUser user)
        {
            var result = await base.UpdateUserAsync(user);
            await leaves.CancelAsync();
            return result;
        }
    }
}
