using Countersign.AspNetCore.Identity;
using Countersign.AspNetCore.Tests.Support;
using Countersign.Sessions.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Countersign.AspNetCore.Tests.Identity;

public sealed class IdentityAccountsTests
{
    [Theory]
    [InlineData("0x1")]
    [InlineData("#1")]
    [InlineData("01")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1\0")]
    [InlineData("2")]
    [InlineData("")]
    [InlineData("ann")]
    [InlineData("99999999999999999999")]
    public async Task FindByIdAsync_NumberKeyAndAnythingButTheVeryId_IsNobody(string userId)
    {
        await using var app = await TestApp<NumberUser, int>.StartAsync();
        Assert.Equal("1", await app.CreateAsync());

        Assert.Null(await app.Accounts.FindByIdAsync(userId, default));
        Assert.Null(await app.DescribeAsync(userId));
        Assert.Null(await app.Editor.FindProfileAsync(userId, default));
        Assert.Null(await app.Editor.LoadAsync(app.Services.CreateScope().ServiceProvider, userId, default));
        await FindsAsync(app, "1");
    }

    [Fact]
    public async Task FindByIdAsync_GuidKeyAndAnythingButTheVeryId_IsNobody()
    {
        await using var app = await TestApp<GuidUser, Guid>.StartAsync();
        var ann = await app.CreateAsync();

        foreach (var userId in (string[])[ann.ToUpperInvariant(), $"{{{ann}}}", ann.Replace("-", string.Empty, StringComparison.Ordinal), "ann", "1"])
        {
            Assert.Null(await app.Accounts.FindByIdAsync(userId, default));
            Assert.Null(await app.DescribeAsync(userId));
        }

        await FindsAsync(app, ann);
    }

    [Fact]
    public async Task FindByIdAsync_StringKey_FindsTheAccount()
    {
        await using var app = await TestApp<AppUser, string>.StartAsync();
        var ann = await app.CreateAsync();

        Assert.Null(await app.DescribeAsync(ann + "\uD800"));
        await FindsAsync(app, ann);
    }

    private static async Task FindsAsync<TUser, TKey>(TestApp<TUser, TKey> app, string userId)
        where TUser : AppUser<TKey>, new()
        where TKey : IEquatable<TKey>
    {
        var stored = (await app.ReadAsync(userId))!;
        var account = (await app.Accounts.FindByIdAsync(userId, default))!;
        var facts = (await app.DescribeAsync(userId))!;
        Assert.Equal((userId, stored.PasswordHash, true), (account.UserId, account.PasswordHash, account.IsActive));
        Assert.Equal(AccountFacts.HashStamp(stored.SecurityStamp), account.Stamp.ToArray());
        Assert.Equal((userId, stored.Email, true), (facts.UserId, facts.Email, facts.IsActive));
        Assert.Equal(AccountFacts.HashStamp(stored.SecurityStamp), facts.Stamp.ToArray());
    }

    [Theory]
    [InlineData("ann@example.com", true)]
    [InlineData("ANN@Example.COM", true)]
    [InlineData("ann", true)]
    [InlineData("Ann", true)]
    [InlineData("kim@example.com", false)]
    [InlineData("ann@example.com ", false)]
    [InlineData("ann\0", false)]
    [InlineData("ann\uD800", false)]
    [InlineData("\uFF41nn", false)] // full-width a
    [InlineData("", false)]
    public async Task FindByNameAsync_AddressOrUserName_FindsInAnyCase(string name, bool found)
    {
        await using var app = await TestApp<AppUser, string>.StartAsync();
        var ann = await app.CreateAsync();

        Assert.Equal(found ? ann : null, (await app.Accounts.FindByNameAsync(name, default)).Account?.UserId);
    }

    [Fact]
    public async Task FindByNameAsync_VeryLongName_IsNobody()
    {
        await using var app = await TestApp<AppUser, string>.StartAsync();

        Assert.Null((await app.Accounts.FindByNameAsync(new string('a', 1_000_000), default)).Account);
    }

    [Fact]
    public async Task FindByNameAsync_AddressOfOneIsUserNameOfAnother_MeansTheAddress()
    {
        await using var app = await TestApp<AppUser, string>.StartAsync();
        await app.CreateAsync("ann@example.com", "bob@example.com");
        var bob = await app.CreateAsync("bob@example.com", "bob");

        Assert.Equal(bob, (await app.Accounts.FindByNameAsync("bob@example.com", default)).Account!.UserId);
    }

    [Fact]
    public async Task FindByNameAsync_AddressThatTwoShare_NamesNeither()
    {
        await using var app = await TestApp<AppUser, string>.StartAsync(
            services => services.Configure<IdentityOptions>(options => options.User.RequireUniqueEmail = false));
        await app.CreateAsync("both@example.com", "ann");
        var bob = await app.CreateAsync("both@example.com", "bob");

        Assert.Null((await app.Accounts.FindByNameAsync("both@example.com", default)).Account);
        Assert.Equal(bob, (await app.Accounts.FindByNameAsync("bob", default)).Account!.UserId);
    }

    [Fact]
    public async Task DescribeAsync_NoRoles_IsOneQueryOfTheColumnsItNeeds()
    {
        await using var app = await TestApp<AppUser, string>.StartAsync();
        var ann = await app.CreateAsync();
        app.Statements.Clear();

        Assert.Empty((await app.Accounts.DescribeAsync(ann, default))!.Roles);

        var statement = Assert.Single(app.Statements);
        Assert.Contains("\"IsDisabled\"", statement, StringComparison.Ordinal);
        Assert.DoesNotContain("\"PhoneNumber\"", statement, StringComparison.Ordinal);
        Assert.DoesNotContain(ann, statement, StringComparison.Ordinal); // a parameter, so that the plan is kept
    }

    [Fact]
    public async Task DescribeAsync_StoreWithRoles_NamesThem()
    {
        await using var app = await TestApp<AppUser, string>.StartAsync(identity: users => users.AddRoles<IdentityRole<string>>());
        var ann = await app.CreateAsync();
        await using (var scope = app.Services.CreateAsyncScope())
        {
            var role = new IdentityRole<string>("keeper") { Id = "keeper" };
            Assert.True((await scope.ServiceProvider.GetRequiredService<RoleManager<IdentityRole<string>>>().CreateAsync(role)).Succeeded);
        }

        Assert.True(await app.WithUserAsync(ann, async (manager, user) => (await manager.AddToRoleAsync(user, "keeper")).Succeeded));

        Assert.Equal(["keeper"], (await app.DescribeAsync(ann))!.Roles);
        Assert.Equal(["keeper"], (await app.Editor.FindProfileAsync(ann, default))!.Roles);
        Assert.Null(await app.DescribeAsync("nobody"));
    }

    [Fact]
    public async Task DescribeAsync_ManagerOfTheAppWithRolesOfItsOwn_IsAsked()
    {
        await using var app = await TestApp<AppUser, string>.StartAsync(
            identity: static users => users.AddRoles<IdentityRole<string>>().AddUserManager<RoleGivingManager>());
        var ann = await app.CreateAsync();

        Assert.Equal(["given by the app"], (await app.Accounts.DescribeAsync(ann, default))!.Roles);
    }

    /// <summary>A refresh ends the session of an account that is gone, so one whose row can't be read must not pass for it.</summary>
    [Fact]
    public async Task DescribeAsync_RowOfAnAccountCanNotBeConverted_IsAFaultAndNotNobody()
    {
        await using var app = await TestApp<AppUser, string>.StartAsync(
            identity: static users => users.AddRoles<IdentityRole<string>>().AddUserManager<FailingManager>());

        await Assert.ThrowsAsync<FormatException>(() => app.Accounts.DescribeAsync("ann", default));
        await Assert.ThrowsAsync<FormatException>(async () => await app.BeginReadAsync("ann"));
    }

    [Fact]
    public async Task DescribeAsync_IsActiveExpression_RunsInTheDatabase()
    {
        await using var app = await TestApp<GuidUser, Guid>.StartAsync();
        var ann = await app.CreateAsync();
        Assert.True((await app.Accounts.DescribeAsync(ann, default))!.IsActive);

        await app.WithUserAsync(ann, (manager, user) =>
        {
            user.IsDisabled = true;
            return manager.UpdateAsync(user);
        });

        Assert.False((await app.Accounts.DescribeAsync(ann, default))!.IsActive);
        Assert.False((await app.Accounts.FindByIdAsync(ann, default))!.IsActive);
        Assert.False((await app.Editor.FindProfileAsync(ann, default))!.IsActive);
    }

    private sealed class RoleGivingManager(
        IUserStore<AppUser> store,
        IOptions<IdentityOptions> options,
        IPasswordHasher<AppUser> hasher,
        IEnumerable<IUserValidator<AppUser>> userValidators,
        IEnumerable<IPasswordValidator<AppUser>> passwordValidators,
        ILookupNormalizer normalizer,
        IdentityErrorDescriber errors,
        IServiceProvider services,
        ILogger<UserManager<AppUser>> logger)
        : CountersignUserManager<AppUser>(store, options, hasher, userValidators, passwordValidators, normalizer, errors, services, logger)
    {
        public override Task<IList<string>> GetRolesAsync(AppUser user) => Task.FromResult<IList<string>>(["given by the app"]);
    }

    private sealed class FailingManager(
        IUserStore<AppUser> store,
        IOptions<IdentityOptions> options,
        IPasswordHasher<AppUser> hasher,
        IEnumerable<IUserValidator<AppUser>> userValidators,
        IEnumerable<IPasswordValidator<AppUser>> passwordValidators,
        ILookupNormalizer normalizer,
        IdentityErrorDescriber errors,
        IServiceProvider services,
        ILogger<UserManager<AppUser>> logger)
        : CountersignUserManager<AppUser>(store, options, hasher, userValidators, passwordValidators, normalizer, errors, services, logger)
    {
        public override Task<AppUser?> FindByIdAsync(string userId) => throw new FormatException("A column of the row holds something else.");
    }
}
