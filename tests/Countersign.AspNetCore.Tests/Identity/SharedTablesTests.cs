using Countersign.AspNetCore.Mail;
using Countersign.AspNetCore.Tests.Support;
using Countersign.Passwords;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using App = Countersign.AspNetCore.Tests.Support.TestApp<Countersign.AspNetCore.Tests.Support.AppUser, string>;

namespace Countersign.AspNetCore.Tests.Identity;

/// <summary>
/// An app with stock Identity and one with Countersign over the same tables, as nodes of a rolling upgrade are: with <c>Auth:Passwords:Format=Identity</c>
/// both accept everybody at any time, and the old app goes on alone.
/// </summary>
public sealed class SharedTablesTests
{
    /// <summary>Version 3, HMAC-SHA-512, 100,000 iterations.</summary>
    private const string UpToDate = "AQAAAAIAAYag";

    [Theory]
    [InlineData("old", "old,new,old,new")]
    [InlineData("old", "new,old,new,old")]
    [InlineData("new", "old,new,old,new")]
    [InlineData("new", "new,old,new,old")]
    [InlineData("new", "manager,old,manager,old")]
    [InlineData("old", "manager,new,old,manager")]
    public async Task Login_FormatIdentity_BothAppsAcceptInAnyOrderAndNeitherRewrites(string createdBy, string logins)
    {
        await using var app = await App.StartAsync(settings: Format("Identity"));
        await using var old = OldApp.Over(app);
        var ann = createdBy == "new" ? await app.CreateAsync() : await old.CreateAsync();
        var stored = (await app.ReadAsync(ann))!.PasswordHash;
        Assert.StartsWith(UpToDate, stored, StringComparison.Ordinal);

        foreach (var door in logins.Split(','))
        {
            Assert.True(await EnterAsync(app, old, door, App.Password), door);
            Assert.False(await EnterAsync(app, old, door, App.Password + " "), door);
        }

        Assert.Equal(stored, (await app.ReadAsync(ann))!.PasswordHash);
    }

    [Fact]
    public async Task ChangePassword_FormatIdentity_TheOtherAppTakesTheNewOne()
    {
        await using var app = await App.StartAsync(settings: Format("Identity"));
        await using var old = OldApp.Over(app);
        var ann = await old.CreateAsync();

        Assert.True((await app.Editor.ChangePasswordAsync(ann, "three herons by the weir", null, default, MailRequest.None, default)).Succeeded);
        Assert.True(await old.LoginAsync("three herons by the weir"));
        Assert.True(await old.ChangeAsync("three herons by the weir", "another quiet harbour"));
        Assert.True(await EnterAsync(app, old, "new", "another quiet harbour"));
        Assert.False(await EnterAsync(app, old, "new", App.Password));
    }

    [Fact]
    public async Task Login_OldAppAloneAfterwards_StillWorks()
    {
        await using var app = await App.StartAsync(settings: Format("Identity"));
        var alone = await WithDatabaseAsync(app, async database =>
        {
            await using var old = OldApp.Over(app);
            await old.CreateAsync();
            Assert.True(await EnterAsync(app, old, "new", App.Password));
            var copy = Path.Combine(Path.GetDirectoryName(database.GetDbConnection().DataSource)!, "alone.db");
            await database.ExecuteSqlAsync($"VACUUM INTO {copy}");
            return new OldApp($"Data Source={copy};Pooling=False");
        });

        await using (alone)
        {
            Assert.True(await alone.LoginAsync(App.Password));
        }
    }

    /// <summary>
    /// What the format is for, and the way back: whoever has logged in under <c>Bcrypt</c> is readable again after a login under <c>Identity</c>.
    /// </summary>
    [Fact]
    public async Task Login_FormatBcryptThenIdentity_OldAppFailsOnlyInBetween()
    {
        await using var app = await App.StartAsync(settings: Format("Bcrypt"));
        await using var old = OldApp.Over(app);
        var ann = await old.CreateAsync();
        Assert.True(await old.LoginAsync(App.Password));
        Assert.True(await EnterAsync(app, old, "new", App.Password));
        Assert.StartsWith("$2b$", (await app.ReadAsync(ann))!.PasswordHash, StringComparison.Ordinal);
        await Assert.ThrowsAsync<FormatException>(() => old.LoginAsync(App.Password));

        // The same tables under the other setting.
        await using var back = await App.StartAsync(settings: Format("Identity"));
        var returned = await back.CreateAsync();
        await back.SetHashAsync(returned, (await app.ReadAsync(ann))!.PasswordHash);
        Assert.True((await back.CheckByNameAsync("ann", App.Password)).Succeeded);
        await app.SetHashAsync(ann, (await back.ReadAsync(returned))!.PasswordHash);

        Assert.True(await old.LoginAsync(App.Password));
    }

    public static TheoryData<string> Passwords => new("a quiet harbour", "pässwörd €", "e\u0301te\u0301", "with\0NUL", new string('l', 200), " ");

    [Theory]
    [MemberData(nameof(Passwords))]
    public async Task PasswordHasher_FormatIdentity_StockAndOursReadEachOther(string password)
    {
        await using var app = await App.StartAsync(settings: Format("Identity"));
        await using var scope = app.Services.CreateAsyncScope();
        var port = scope.ServiceProvider.GetRequiredService<IPasswordHasher<AppUser>>();
        var engine = app.Services.GetRequiredService<PasswordEngine>();
        var stock = new PasswordHasher<AppUser>();
        var user = new AppUser();

        Assert.Equal(PasswordVerificationResult.Success, stock.VerifyHashedPassword(user, await engine.HashAsync(password), password));
        Assert.Equal(PasswordVerificationResult.Success, stock.VerifyHashedPassword(user, port.HashPassword(user, password), password));
        Assert.Equal(PasswordVerification.Success, await engine.VerifyAsync(password, stock.HashPassword(user, password)));
        Assert.Equal(PasswordVerificationResult.Success, port.VerifyHashedPassword(user, stock.HashPassword(user, password), password));
        Assert.Equal(PasswordVerificationResult.Failed, port.VerifyHashedPassword(user, stock.HashPassword(user, password), password + "x"));
    }

    [Fact]
    public async Task Login_AppsOwnIterationCount_IsWrittenAndLowerOnesAreReplaced()
    {
        await using var app = await App.StartAsync(
            services => services.Configure<PasswordHasherOptions>(static options => options.IterationCount = 20_000), settings: Format("Identity"));
        var ann = await app.CreateAsync();

        // 20,000 is 0x4E20.
        Assert.StartsWith("AQAAAAIAAE4g", (await app.ReadAsync(ann))!.PasswordHash, StringComparison.Ordinal);
        await LoginWithAsync(iterations: 15_000);
        Assert.StartsWith("AQAAAAIAAE4g", (await app.ReadAsync(ann))!.PasswordHash, StringComparison.Ordinal);
        await LoginWithAsync(iterations: 100_000);
        Assert.StartsWith(UpToDate, (await app.ReadAsync(ann))!.PasswordHash, StringComparison.Ordinal);

        async Task LoginWithAsync(int iterations)
        {
            var stock = new PasswordHasher<AppUser>(Microsoft.Extensions.Options.Options.Create(new PasswordHasherOptions { IterationCount = iterations }));
            await app.SetHashAsync(ann, stock.HashPassword(new AppUser(), App.Password));
            Assert.True((await app.CheckByNameAsync("ann", App.Password)).Succeeded);
        }
    }

    [Fact]
    public async Task Settings_IterationsOfConfiguration_WinOverTheAppsIdentity()
    {
        var settings = Format("Identity");
        settings["Auth:Passwords:IdentityIterations"] = "30000";
        await using var app = await App.StartAsync(
            services => services.Configure<PasswordHasherOptions>(static options => options.IterationCount = 20_000), settings: settings);
        var ann = await app.CreateAsync();

        // 30,000 is 0x7530.
        Assert.StartsWith("AQAAAAIAAHUw", (await app.ReadAsync(ann))!.PasswordHash, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_TooFewIterationsUnderIdentity_IsRefusedAndNamesTheSetting() =>
        Assert.Contains(
            "Auth:Passwords:IdentityIterations is 1000, which is out of range",
            (await Assert.ThrowsAnyAsync<Exception>(() => App.StartAsync(
                services => services.Configure<PasswordHasherOptions>(static options => options.IterationCount = 1000), settings: Format("Identity")))).Message,
            StringComparison.Ordinal);

    private static Dictionary<string, string?> Format(string format) => new(StringComparer.Ordinal) { ["Auth:Passwords:Format"] = format };

    private static async Task<bool> EnterAsync(App app, OldApp old, string door, string password) => door switch
    {
        "old" => await old.LoginAsync(password),
        "new" => (await app.CheckByNameAsync("ann", password)).Succeeded,
        _ => await app.WithManagerAsync(async manager => await manager.CheckPasswordAsync((await manager.FindByNameAsync("ann"))!, password)),
    };

    private static async Task<T> WithDatabaseAsync<T>(App app, Func<Microsoft.EntityFrameworkCore.Infrastructure.DatabaseFacade, Task<T>> work)
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<AppContext<AppUser, string>>().Database);
    }

    /// <summary>The tables as the app had them.</summary>
    private sealed class OldContext(DbContextOptions<OldContext> options) : IdentityDbContext<AppUser, IdentityRole<string>, string>(options);

    /// <summary>An app that knows nothing of Countersign.</summary>
    private sealed class OldApp : IAsyncDisposable
    {
        private readonly ServiceProvider _services;

        public OldApp(string connectionString)
        {
            var services = new ServiceCollection();
            services.AddLogging();
            services.AddDbContext<OldContext>(options => options.UseSqlite(connectionString));
            services.AddIdentityCore<AppUser>(static options => options.Password = new PasswordOptions
            {
                RequireDigit = false, RequireUppercase = false, RequireNonAlphanumeric = false,
            }).AddEntityFrameworkStores<OldContext>();
            _services = services.BuildServiceProvider();
        }

        public static OldApp Over(App app)
        {
            using var scope = app.Services.CreateScope();
            return new(scope.ServiceProvider.GetRequiredService<AppContext<AppUser, string>>().Database.GetConnectionString()!);
        }

        public Task<string> CreateAsync() => WithManagerAsync(static async manager =>
        {
            var user = new AppUser { UserName = "ann", Email = "ann@example.com" };
            var result = await manager.CreateAsync(user, App.Password);
            Assert.True(result.Succeeded, result.ToString());
            return user.Id;
        });

        public Task<bool> LoginAsync(string password) =>
            WithManagerAsync(async manager => await manager.CheckPasswordAsync((await manager.FindByNameAsync("ann"))!, password));

        public Task<bool> ChangeAsync(string current, string next) =>
            WithManagerAsync(async manager => (await manager.ChangePasswordAsync((await manager.FindByNameAsync("ann"))!, current, next)).Succeeded);

        public ValueTask DisposeAsync() => _services.DisposeAsync();

        private async Task<T> WithManagerAsync<T>(Func<UserManager<AppUser>, Task<T>> work)
        {
            await using var scope = _services.CreateAsyncScope();
            return await work(scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>());
        }
    }
}
