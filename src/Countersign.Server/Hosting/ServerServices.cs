using Countersign.AspNetCore;
using Countersign.Mail;
using Countersign.Passwords.Argon2;
using Countersign.Server.Accounts;
using Countersign.Server.Configuration;
using Countersign.Server.Database;
using Countersign.Server.Pages.Account;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration.Memory;

namespace Countersign.Server.Hosting;

/// <summary>The services that both the server and its commands need: accounts, sessions and the database.</summary>
internal static class ServerServices
{
    /// <summary>Registers all services except those of the web server.</summary>
    /// <param name="builder">The builder of the host.</param>
    /// <param name="settings">The checked settings.</param>
    /// <param name="masterKey">The base64 of the master key; null when none is needed.</param>
    public static void Add(IHostApplicationBuilder builder, ServerSettings settings, string? masterKey)
    {
        // With the lowest priority, so that settings under Auth override the five names.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = settings.Translated });

        var services = builder.Services;
        services.AddSingleton(settings);
        services.AddSingleton(ServerOptions.Known);
        services.AddScoped<DatabaseMigrator>();

        // Pooled: the context holds no data of a request, and making one costs more than most of its queries.
        if (settings.DatabaseFile is not null)
        {
            services.AddDbContextPool<ServerDbContext, SqliteServerDbContext>(options => options.UseSqlite(settings.ConnectionString));
        }
        else
        {
            services.AddDbContextPool<ServerDbContext, PostgreSqlServerDbContext>(options => options.UseNpgsql(
                settings.ConnectionString, static npgsql => npgsql.ExecutionStrategy(static dependencies => new SingleRetryExecutionStrategy(dependencies))));
        }

        services.AddIdentityCore<CountersignUser>(static options => IdentitySchema.Configure(options.UseCountersignDefaults()))
            .AddRoles<IdentityRole<Guid>>()
            .AddEntityFrameworkStores<ServerDbContext>();

        // Only our lockout counts wrong passwords here. With Identity's lockout, a stranger could lock an account for its owner.
        services.Configure<IdentityOptions>(static options => options.Lockout.AllowedForNewUsers = false);

        // Registered before AddCountersign, and so with lower priority than the configuration.
        services.Configure<CountersignOptions>(ServerOptions.SetDefaults);

        var countersign = services.AddCountersign<CountersignUser>(options =>
        {
            options.Users.IsActive = user => user.IsActive;
            options.Users.DisplayName = user => user.DisplayName;
            options.Users.CreatedAt = user => user.CreatedAt;
            options.Users.PasswordExpiresAt = user => user.PasswordExpiresAt;
            options.Passwords.AdditionalFormats.Add(new Argon2idFormat());
            options.MasterKey = masterKey ?? options.MasterKey;
        });

        services.AddSingleton(new MailFolder(Path.Combine(settings.DataDirectory, "mail")));
        services.AddSingleton(AccountPages.Pages);
        countersign.AddMail();

        // The derived context: its options are the ones that are built, and the stores add to them.
        if (settings.DatabaseFile is not null)
        {
            countersign.AddEntityFrameworkStores<SqliteServerDbContext>();
        }
        else
        {
            countersign.AddEntityFrameworkStores<PostgreSqlServerDbContext>().UsePostgreSql();
        }
    }
}
