using Countersign.TestServer;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.App.Tests;

/// <summary>The models and contexts that apps have. An account lives its whole life in each of them.</summary>
public sealed class ModelTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Sqlite => $"Data Source={_directory.File("app.db")}";

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _directory.Dispose();
    }

    [Fact]
    public Task Account_GuidKeys_Lives() => LiveAsync<IdentityUser<Guid>, GuidContext>(options => options.UseSqlite(Sqlite));

    [Fact]
    public Task Account_IntKeys_Lives() => LiveAsync<IdentityUser<int>, IntContext>(options => options.UseSqlite(Sqlite));

    [Fact]
    public Task Account_RenamedTablesAndColumns_Lives() => LiveAsync<IdentityUser, RenamedContext>(options => options.UseSqlite(Sqlite));

    [Fact]
    public Task Account_SnakeCase_Lives() => LiveAsync<IdentityUser, PlainContext>(options => options.UseSqlite(Sqlite).UseSnakeCaseNamingConvention());

    [Fact]
    public Task Account_OwnedTypesAndQueryFilter_Lives() => LiveAsync<Member, MemberContext>(options => options.UseSqlite(Sqlite));

    [Fact]
    public Task Account_LazyLoadingProxies_Lives() => LiveAsync<Author, AuthorContext>(options => options.UseSqlite(Sqlite).UseLazyLoadingProxies());

    /// <summary>Entity Framework then wants users that it has made itself, so Identity can't save one that sign-up makes; login and all else work.</summary>
    [Fact]
    public async Task Account_ChangeTrackingProxies_Lives()
    {
        await using var app = new ModelApp<Author>(
            services =>
            {
                services.AddDbContext<AuthorContext>(options => options.UseSqlite(Sqlite).UseChangeTrackingProxies());
                services.AddCountersign<Author, AuthorContext>();
            },
            typeof(AuthorContext));
        await app.StartAsync();

        await app.LiveAsync(static services => services.GetRequiredService<AuthorContext>().CreateProxy<Author>());
    }

    [Fact]
    public Task Account_ContextPool_Lives() => LiveAsync<IdentityUser>(
        services =>
        {
            services.AddDbContextPool<PlainContext>(options => options.UseSqlite(Sqlite));
            services.AddCountersign<IdentityUser, PlainContext>();
        },
        typeof(PlainContext));

    [Fact]
    public Task Account_ContextFactory_Lives() => LiveAsync<IdentityUser>(
        services =>
        {
            services.AddDbContextFactory<PlainContext>(options => options.UseSqlite(Sqlite));
            services.AddCountersign<IdentityUser, PlainContext>();
        },
        typeof(PlainContext));

    [Fact]
    public Task Account_PooledContextFactory_Lives() => LiveAsync<IdentityUser>(
        services =>
        {
            services.AddPooledDbContextFactory<PlainContext>(options => options.UseSqlite(Sqlite));
            services.AddScoped(static provider => provider.GetRequiredService<IDbContextFactory<PlainContext>>().CreateDbContext());
            services.AddCountersign<IdentityUser, PlainContext>();
        },
        typeof(PlainContext));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Account_PostgreSqlSchemaSnakeCaseAndRetries_Lives(bool pool)
    {
        await using var database = PostgreSqlDatabase.Create();

        await LiveAsync<IdentityUser>(
            services =>
            {
                if (pool)
                {
                    services.AddDbContextPool<SchemaContext>(Use);
                }
                else
                {
                    services.AddDbContext<SchemaContext>(Use);
                }

                services.AddCountersign<IdentityUser, SchemaContext>().UsePostgreSql();
            },
            typeof(SchemaContext));

        Assert.Equal(3, await database.ScalarAsync<long>("SELECT count(*) FROM auth.countersign_sessions"));

        void Use(DbContextOptionsBuilder options) =>
            options.UseNpgsql(database.ConnectionString, static npgsql => npgsql.EnableRetryOnFailure()).UseSnakeCaseNamingConvention();
    }

    [Fact]
    public Task Account_SessionsInASecondContext_Lives() => LiveInTwoAsync(
        options => options.UseSqlite(Sqlite), options => options.UseSqlite($"Data Source={_directory.File("sessions.db")}"), postgreSql: false);

    /// <summary>The accounts stand for those of a database that has no stores for sessions. Entity Framework's in-memory provider has not even SQL.</summary>
    [Fact]
    public Task Account_OnAnotherProviderSessionsOnSqlite_Lives() => LiveInTwoAsync(
        options => options.UseInMemoryDatabase(_directory.Path),
        options => options.UseSqlite($"Data Source={_directory.File("sessions.db")}"),
        postgreSql: false);

    [Fact]
    public async Task Account_OnSqliteSessionsOnPostgreSql_Lives()
    {
        await using var database = PostgreSqlDatabase.Create();

        await LiveInTwoAsync(options => options.UseSqlite(Sqlite), options => options.UseNpgsql(database.ConnectionString), postgreSql: true);

        Assert.Equal(3, await database.ScalarAsync<long>("SELECT count(*) FROM countersign_sessions"));
    }

    [Fact]
    public async Task Account_OnPostgreSqlSessionsOnSqlite_Lives()
    {
        await using var database = PostgreSqlDatabase.Create();

        await LiveInTwoAsync(options => options.UseNpgsql(database.ConnectionString), options => options.UseSqlite(Sqlite), postgreSql: false);

        Assert.Equal(1, await database.ScalarAsync<long>("""SELECT count(*) FROM "AspNetUsers" """));
    }

    private static Task LiveAsync<TUser, TContext>(Action<DbContextOptionsBuilder> database)
        where TUser : class
        where TContext : DbContext => LiveAsync<TUser>(
        services =>
        {
            services.AddDbContext<TContext>(database);
            services.AddCountersign<TUser, TContext>();
        },
        typeof(TContext));

    private static Task LiveInTwoAsync(Action<DbContextOptionsBuilder> accounts, Action<DbContextOptionsBuilder> sessions, bool postgreSql) =>
        LiveAsync<IdentityUser>(
            services =>
            {
                services.AddDbContext<AccountContext>(accounts);
                services.AddDbContext<SessionContext>(sessions);
                services.AddIdentityCore<IdentityUser>().AddRoles<IdentityRole>().AddEntityFrameworkStores<AccountContext>();
                var countersign = services.AddCountersign<IdentityUser>().AddEntityFrameworkStores<SessionContext>();
                if (postgreSql)
                {
                    countersign.UsePostgreSql();
                }
            },
            typeof(AccountContext),
            typeof(SessionContext));

    private static async Task LiveAsync<TUser>(Action<IServiceCollection> add, params Type[] contexts)
        where TUser : class
    {
        await using var app = new ModelApp<TUser>(add, contexts);
        await app.StartAsync();
        await app.LiveAsync();
    }

    private sealed class PlainContext(DbContextOptions<PlainContext> options) : IdentityDbContext<IdentityUser>(options)
    {
        protected override void OnModelCreating(ModelBuilder builder)
        {
            base.OnModelCreating(builder);
            builder.UseCountersign();
        }
    }

    private sealed class GuidContext(DbContextOptions<GuidContext> options) : IdentityDbContext<IdentityUser<Guid>, IdentityRole<Guid>, Guid>(options)
    {
        protected override void OnModelCreating(ModelBuilder builder)
        {
            base.OnModelCreating(builder);
            builder.UseCountersign();
        }
    }

    private sealed class IntContext(DbContextOptions<IntContext> options) : IdentityDbContext<IdentityUser<int>, IdentityRole<int>, int>(options)
    {
        protected override void OnModelCreating(ModelBuilder builder)
        {
            base.OnModelCreating(builder);
            builder.UseCountersign();
        }
    }

    private sealed class RenamedContext(DbContextOptions<RenamedContext> options) : IdentityDbContext<IdentityUser>(options)
    {
        protected override void OnModelCreating(ModelBuilder builder)
        {
            base.OnModelCreating(builder);
            builder.UseCountersign();
            foreach (var entity in builder.Model.GetEntityTypes().Where(static entity => entity.GetTableName() is not null))
            {
                entity.SetTableName($"T {entity.GetTableName()}");
            }

            builder.Entity<IdentityUser>(static user =>
            {
                user.Property(static it => it.Id).HasColumnName("Person Id");
                user.Property(static it => it.SecurityStamp).HasColumnName("Stamp");
                user.Property(static it => it.Email).HasColumnName("Address");
                user.Property(static it => it.LockoutEnd).HasColumnName("Until");
            });
            builder.Entity<IdentityUserRole<string>>().Property(static it => it.UserId).HasColumnName("Person");
        }
    }

    private sealed class SchemaContext(DbContextOptions<SchemaContext> options) : IdentityDbContext<IdentityUser>(options)
    {
        protected override void OnModelCreating(ModelBuilder builder)
        {
            base.OnModelCreating(builder);
            builder.HasDefaultSchema("auth");
            builder.UseCountersign();
        }
    }

    private sealed class AccountContext(DbContextOptions<AccountContext> options) : IdentityDbContext<IdentityUser>(options);

    private sealed class SessionContext(DbContextOptions<SessionContext> options) : DbContext(options)
    {
        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.UseCountersign();
    }

    private sealed class Member : IdentityUser
    {
        public bool IsDeleted { get; set; }

        public Address Home { get; set; } = new();

        public List<Address> Others { get; } = [];
    }

    private sealed class Address
    {
        public string? City { get; set; }
    }

    private sealed class MemberContext(DbContextOptions<MemberContext> options) : IdentityDbContext<Member>(options)
    {
        protected override void OnModelCreating(ModelBuilder builder)
        {
            base.OnModelCreating(builder);
            builder.UseCountersign();
            builder.Entity<Member>().HasQueryFilter(static member => !member.IsDeleted);
            builder.Entity<Member>().OwnsOne(static member => member.Home);
            builder.Entity<Member>().OwnsMany(static member => member.Others);
        }
    }

    private sealed class AuthorContext(DbContextOptions<AuthorContext> options) : IdentityDbContext<Author>(options)
    {
        public DbSet<Book> Books => Set<Book>();

        protected override void OnModelCreating(ModelBuilder builder)
        {
            base.OnModelCreating(builder);
            builder.UseCountersign();
        }
    }
}

/// <summary>A user with a navigation that proxies load.</summary>
public class Author : IdentityUser
{
    public virtual ICollection<Book> Books { get; } = new System.Collections.ObjectModel.ObservableCollection<Book>();
}

/// <summary>What the navigation leads to.</summary>
public class Book
{
    public virtual int Id { get; set; }

    public virtual string? Title { get; set; }
}
