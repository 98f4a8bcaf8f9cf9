using Countersign.AspNetCore.SignIn;
using Countersign.AspNetCore.Tests.Support;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using App = Countersign.AspNetCore.Tests.Support.TestApp<Countersign.AspNetCore.Tests.Support.AppUser, string>;

namespace Countersign.AspNetCore.Tests.Identity;

/// <summary>An app with a password hasher of its own: those who have hashes that only it reads log in as before, and get a hash that we read.</summary>
public sealed class AppPasswordHasherTests
{
    private const string Wrong = "not the password";

    [Theory]
    [InlineData("login", "Bcrypt", "$2b$04$")]
    [InlineData("login", "Identity", "AQAAAAIAAYag")]
    [InlineData("manager", "Bcrypt", "$2b$04$")]
    [InlineData("manager", "Identity", "AQAAAAIAAYag")]
    public async Task Login_HashThatOnlyTheAppReads_SucceedsAndIsReplaced(string door, string format, string beginning)
    {
        var calls = new Calls();
        await using var app = await StartAsync<SaltedHasher>(calls, format);
        var ann = await app.CreateAsync();
        await app.SetHashAsync(ann, SaltedHasher.Hash("ann", App.Password));
        var stamp = (await app.ReadAsync(ann))!.SecurityStamp;

        Assert.False(await EnterAsync(app, door, Wrong));
        Assert.Equal(SaltedHasher.Hash("ann", App.Password), (await app.ReadAsync(ann))!.PasswordHash);
        Assert.True(await EnterAsync(app, door, App.Password));

        var stored = (await app.ReadAsync(ann))!;
        Assert.StartsWith(beginning, stored.PasswordHash, StringComparison.Ordinal);
        Assert.Equal(stamp, stored.SecurityStamp);
        Assert.Equal(2, calls.Threads.Count);
        Assert.All(calls.Threads, static thread => Assert.EndsWith(", off lanes", thread, StringComparison.Ordinal));

        // From now on it is not asked any more, unless the format is Identity's and the password wrong.
        Assert.True(await EnterAsync(app, door, App.Password));
        Assert.Equal(2, calls.Threads.Count);
    }

    /// <summary>A stock hasher with a format of the app's own besides, and one that adds a key to every password.</summary>
    [Theory]
    [InlineData("own-format")]
    [InlineData("keyed")]
    [InlineData("stock")]
    public async Task Login_SubclassOfThePlatformsHasher_ReadsItsOwnAndStockHashes(string kind)
    {
        await using var app = await StartAsync<DerivedHasher>(new Calls(), "Bcrypt");
        var ann = await app.CreateAsync();
        await app.SetHashAsync(ann, kind switch
        {
            "own-format" => "md5:" + App.Password,
            "keyed" => new PasswordHasher<AppUser>().HashPassword(new AppUser(), App.Password + DerivedHasher.Key),
            _ => new PasswordHasher<AppUser>().HashPassword(new AppUser(), App.Password),
        });

        Assert.False(await EnterAsync(app, "login", Wrong));
        Assert.True(await EnterAsync(app, "login", App.Password));
        Assert.StartsWith("$2b$04$", (await app.ReadAsync(ann))!.PasswordHash, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("login")]
    [InlineData("manager")]
    public async Task Login_HasherThrows_IsAWrongPasswordAndIsLogged(string door)
    {
        await using var app = await StartAsync<SaltedHasher>(new Calls(), "Bcrypt");
        var ann = await app.CreateAsync();
        await app.SetHashAsync(ann, "broken hash of ann");

        Assert.False(await EnterAsync(app, door, App.Password));

        Assert.Equal("broken hash of ann", (await app.ReadAsync(ann))!.PasswordHash);
        Assert.Contains(app.Log.Lines, line => line.Event == 3010 && line.Text.Contains(ann, StringComparison.Ordinal));
        Assert.DoesNotContain(app.Log.Lines, static line => line.Text.Contains("broken hash", StringComparison.Ordinal)
            || line.Text.Contains(App.Password, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Login_HasherThrows_AnswersAsForEverybody()
    {
        await using var app = await StartAsync<SaltedHasher>(new Calls(), "Bcrypt");
        await app.SetHashAsync(await app.CreateAsync(), "broken hash of ann");

        var check = await app.CheckByNameAsync("ann", App.Password);

        Assert.Equal(SignInError.WrongCredentials, check.Fault);
        Assert.Equal(SignInError.WrongCredentials, (await app.CheckByNameAsync("eve", App.Password)).Fault);
    }

    [Fact]
    public async Task Login_WrongPassword_TakesAsManyStatementsAsWithAHashOfOurs()
    {
        await using var app = await StartAsync<SaltedHasher>(new Calls(), "Bcrypt");
        var ann = await app.CreateAsync();
        await EnterAsync(app, "login", Wrong);
        app.Statements.Clear();
        await EnterAsync(app, "login", Wrong);
        var ours = app.Statements.Count;
        await app.SetHashAsync(ann, SaltedHasher.Hash("ann", App.Password));
        app.Statements.Clear();
        app.Hashes.Reset();

        Assert.False(await EnterAsync(app, "login", Wrong));

        Assert.Equal(ours, app.Statements.Count);

        // What the app's hasher takes is filled up to a comparison of ours; where it took as long by itself, as on a busy machine at this cost, nothing is
        // missing.
        Assert.Equal(app.Hashes.Dummies, app.Hashes.All);
        Assert.InRange(app.Hashes.Dummies, 0, 1);
    }

    [Fact]
    public async Task Start_OwnHasher_SaysThatItIsAsked()
    {
        await using var app = await StartAsync<SaltedHasher>(new Calls(), "Identity");

        var line = Assert.Single(app.Log.Lines, static line => line.Event == 3002).Text;
        Assert.Contains(nameof(SaltedHasher), line, StringComparison.Ordinal);
        Assert.Contains("(Identity)", line, StringComparison.Ordinal);
    }

    /// <summary>Registered by a factory, its type shows only when it is made.</summary>
    [Fact]
    public async Task Start_PlatformsHasherByAFactory_IsNobodysOwn()
    {
        await using var app = await App.StartAsync(static services => services.AddScoped<IPasswordHasher<AppUser>>(static _ => new PasswordHasher<AppUser>()));
        await app.CreateAsync();

        Assert.False(app.Log.Has(3002));
        Assert.True(await EnterAsync(app, "login", App.Password));
    }

    /// <summary>Before <c>AddCountersign</c>, as apps do, or after it.</summary>
    [Fact]
    public async Task Login_HasherRegisteredBefore_IsAskedToo()
    {
        await using var app = await App.StartAsync(identity: static identity =>
        {
            identity.Services.AddSingleton(new Calls());
            identity.Services.AddScoped<IPasswordHasher<AppUser>, SaltedHasher>();
        });
        await app.SetHashAsync(await app.CreateAsync(), SaltedHasher.Hash("ann", App.Password));

        Assert.True(await EnterAsync(app, "login", App.Password));
    }

    private static Task<App> StartAsync<THasher>(Calls calls, string format)
        where THasher : class, IPasswordHasher<AppUser> => App.StartAsync(
            services =>
            {
                services.AddSingleton(calls);
                services.AddScoped<IPasswordHasher<AppUser>, THasher>();
            },
            settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Auth:Passwords:Format"] = format });

    private static async Task<bool> EnterAsync(App app, string door, string password) => door == "login"
        ? (await app.CheckByNameAsync("ann", password)).Succeeded
        : await app.WithManagerAsync(async manager => await manager.CheckPasswordAsync((await manager.FindByNameAsync("ann"))!, password));

    /// <summary>Where the hasher was called.</summary>
    internal sealed class Calls
    {
        public System.Collections.Concurrent.ConcurrentQueue<string> Threads { get; } = new();
    }

    /// <summary>Scoped, needs the account itself and a service of the app, and throws on what it does not know.</summary>
    private sealed class SaltedHasher(Calls calls, AppContext<AppUser, string> context) : IPasswordHasher<AppUser>
    {
        public static string Hash(string userName, string password) =>
            "salted:" + Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(userName + password)));

        public string HashPassword(AppUser user, string password) => Hash(user.UserName!, password);

        public PasswordVerificationResult VerifyHashedPassword(AppUser user, string hashedPassword, string providedPassword)
        {
            Assert.NotNull(context.Model);
            calls.Threads.Enqueue(Thread.CurrentThread.Name ?? "none");
            if (!hashedPassword.StartsWith("salted:", StringComparison.Ordinal))
            {
                throw new FormatException($"No salted hash: {hashedPassword} for {providedPassword}");
            }

            return hashedPassword == Hash(user.UserName!, providedPassword) ? PasswordVerificationResult.Success : PasswordVerificationResult.Failed;
        }
    }

    private sealed class DerivedHasher : PasswordHasher<AppUser>
    {
        public const string Key = " and a key";

        public override PasswordVerificationResult VerifyHashedPassword(AppUser user, string hashedPassword, string providedPassword) =>
            hashedPassword.StartsWith("md5:", StringComparison.Ordinal)
                ? hashedPassword == "md5:" + providedPassword ? PasswordVerificationResult.SuccessRehashNeeded : PasswordVerificationResult.Failed
                : base.VerifyHashedPassword(user, hashedPassword, providedPassword + Key);
    }
}
