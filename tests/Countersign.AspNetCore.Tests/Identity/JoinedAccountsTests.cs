using System.Linq.Expressions;
using Countersign.EntityFrameworkCore;
using Countersign.Sessions;
using Countersign.Sessions.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.AspNetCore.Tests.Identity;

/// <summary>Which accounts the writer's transaction reads, by the app's expression for an active account and by its user type.</summary>
public sealed class JoinedAccountsTests
{
    private static readonly DateTimeOffset Moment = DateTimeOffset.UnixEpoch;

    private readonly int _least = 3;

    private static bool Switch { get; set; }

    [Fact]
    public async Task TryFind_LooksAtColumns_True()
    {
        foreach (var expression in new Expression<Func<User, bool>>[]
        {
            user => true,
            user => false,
            user => user.IsActive,
            user => !user.IsDisabled,
            user => !!user.IsActive,
            user => user.IsActive == true,
            user => user.IsDisabled != true,
            user => user.DeletedAt == null,
            user => user.DeletedAt != null,
            user => user.DeletedAt.HasValue,
            user => !user.DeletedAt.HasValue,
            user => user.LockoutEnd == null,
            user => user.BlockedBy == null,
            user => user.EmailConfirmed,
            user => user.IsActive && user.LockoutEnd == null,
            user => user.IsActive || user.IsDisabled,
            user => !(user.IsActive && user.DeletedAt == null),
        })
        {
            Assert.True(await CanJoinAsync(expression), expression.ToString());
        }
    }

    /// <summary>What the database could say otherwise than the app, at another time than now, or not at all.</summary>
    [Fact]
    public async Task TryFind_AnythingElse_False()
    {
        var local = "blocked";
        foreach (var expression in new Expression<Func<User, bool>>[]
        {
            user => user.IsActive && user.Level >= 3,
            user => user.BlockedBy != local || user.IsActive,
            user => user.IsActive & user.EmailConfirmed,
            user => user.IsActive ? user.EmailConfirmed : user.IsDisabled,
            user => user.MayPost == true,
            user => user.MayPost!.Value,
            user => user.BlockedBy != "nobody",
            user => user.BlockedBy != local,
            user => user.Level >= _least,
            user => user.Level >= 3,
            user => 100 / user.Level > 1,
            user => user.DeletedAt > Moment,
            user => user.DeletedAt > TimeProvider.System.GetUtcNow(),
            user => user.DeletedAt!.Value.Year > 2020,
            user => Switch,
            user => user.Kind == Kind.Person,
            user => user.KindOrNone == null,
            user => user.BlockedBy!.StartsWith("ab", StringComparison.Ordinal),
            user => user.IsComputed,
            user => user.Plan.IsActive,
            user => user.Settings.IsActive,
            user => user.Plan == null,
            user => ((IBlockable)user).IsActive,
            user => EF.Property<bool>(user, "IsActive"),
        })
        {
            Assert.False(await CanJoinAsync(expression), expression.ToString());
        }
    }

    /// <summary>What stands in a column is not always what the property says.</summary>
    [Fact]
    public async Task TryFind_PropertiesOfTheAppsOwn_OnlyWhereTheColumnIsTheValue()
    {
        Assert.True(await CanJoinAsync<Overriding>(static _ => true));
        Assert.False(await CanJoinAsync<Computing>(static _ => true));
        Assert.False(await CanJoinAsync<Hiding>(static _ => true));
    }

    [Fact]
    public async Task TryFind_EntitiesFromAView_False() =>
        Assert.False(await CanJoinAsync<Overriding>(static _ => true, static builder => builder.Entity<Overriding>().ToView("active_users")));

    [Fact]
    public async Task TryFind_InterceptorOfTheApp_False()
    {
        Assert.True(await CanJoinAsync<User>(static _ => true));
        Assert.False(await CanJoinAsync<User>(static _ => true, options: static options => options.AddInterceptors(new Reading())));
    }

    private static Task<bool> CanJoinAsync(Expression<Func<User, bool>> isActive) => CanJoinAsync<User>(isActive);

    private static async Task<bool> CanJoinAsync<TUser>(
        Expression<Func<TUser, bool>> isActive, Action<ModelBuilder>? change = null, Action<DbContextOptionsBuilder>? options = null)
        where TUser : IdentityUser
    {
        var services = new ServiceCollection();
        services.AddDbContext<UserContext<TUser>>(builder =>
        {
            // With services of its own the model is not the one of another test.
            builder.UseSqlite("Data Source=:memory:").EnableServiceProviderCaching(change is null);
            options?.Invoke(builder);
        });
        services.AddSingleton(new ModelChange(change ?? (static _ => { })));
        new CountersignBuilder(services, typeof(TUser)).AddEntityFrameworkStores<UserContext<TUser>>();
        await using var provider = services.BuildServiceProvider();
        return await provider.GetRequiredService<IJoinedAccounts>().TryFindAsync(typeof(UserContext<TUser>), typeof(TUser), typeof(string), isActive);
    }

    private enum Kind
    {
        Person = 1,
    }

    private interface IBlockable
    {
        bool IsActive { get; }
    }

    private sealed class User : IdentityUser, IBlockable
    {
        private bool _isComputed;

        public bool IsActive { get; set; }

        bool IBlockable.IsActive => !IsActive;

        public bool IsDisabled { get; set; }

        public bool? MayPost { get; set; }

        public bool IsComputed
        {
            get => _isComputed && IsActive;
            set => _isComputed = value;
        }

        public DateTimeOffset? DeletedAt { get; set; }

        public string? BlockedBy { get; set; }

        public int Level { get; set; }

        public Kind Kind { get; set; }

        public Kind? KindOrNone { get; set; }

        public Part Plan { get; set; } = new();

        public Part Settings { get; set; } = new();
    }

    private sealed class Part
    {
        public bool IsActive { get; set; }
    }

    private sealed class Overriding : IdentityUser
    {
        [ProtectedPersonalData]
        public override string? Email { get; set; }
    }

    private sealed class Computing : IdentityUser
    {
        public override string? Email
        {
            get => base.Email?.ToUpperInvariant();
            set => base.Email = value;
        }
    }

    private sealed class Hiding : IdentityUser
    {
        public new string? Email { get; set; }
    }

    private sealed class Reading : IMaterializationInterceptor;

    private sealed record ModelChange(Action<ModelBuilder> Apply);

    private sealed class UserContext<TUser>(DbContextOptions<UserContext<TUser>> options, ModelChange change) : IdentityDbContext<TUser>(options)
        where TUser : IdentityUser
    {
        protected override void OnModelCreating(ModelBuilder builder)
        {
            base.OnModelCreating(builder);
            builder.UseCountersign();
            if (typeof(TUser) == typeof(User))
            {
                builder.Entity<User>().OwnsOne(static user => user.Plan);
                builder.Entity<User>().OwnsOne(static user => user.Settings, static settings => settings.ToJson());
            }

            change.Apply(builder);
        }
    }
}
