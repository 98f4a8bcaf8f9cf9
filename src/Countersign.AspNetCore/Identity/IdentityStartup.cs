using Countersign.AspNetCore.Mail;
using Countersign.Passwords;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Countersign.AspNetCore.Identity;

/// <summary>Checks the app's Identity once, before the first request. What can't work stops the host; what works less well is logged.</summary>
internal sealed class IdentityStartup<TUser>(
    IServiceScopeFactory scopes,
    UserAccessor<TUser> shape,
    AppPasswordHasher<TUser> appHasher,
    RoleManagers roleManagers,
    MailTransport mail,
    MailLinks links,
    IOptions<CountersignMailOptions> mailOptions,
    IOptions<CountersignOptions> registration,
    ILogger<IdentityStartup<TUser>> logger,
    IServiceProviderIsService? services = null) : IHostedService
    where TUser : class
{
    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The app's Identity lacks something that Countersign needs; the message lists all of it.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (services?.IsService(typeof(IUserStore<TUser>)) is false)
        {
            throw new InvalidOperationException(
                $"Identity has no user store for {typeof(TUser).Name}: a call of its AddEntityFrameworkStores is missing. Write " +
                $"services.AddIdentityCore<{typeof(TUser).Name}>().AddEntityFrameworkStores<TContext>(), or let " +
                $"services.AddCountersign<{typeof(TUser).Name}, TContext>() do it.");
        }

        var accounts = new AccountScope<TUser>(scopes);
        await using var _ = accounts.ConfigureAwait(false);
        List<string> faults = [.. Faults(accounts.Manager), .. AccountClaims<TUser>.FindFaults(accounts.Services), .. MailFaults()];
        if (faults.Count > 0)
        {
            throw new InvalidOperationException($"Countersign can't use the accounts of {typeof(TUser).Name}: {string.Join(' ', faults)}");
        }

        if (accounts.Manager is not CountersignUserManager<TUser>)
        {
            var manager = accounts.Manager.GetType();
            IdentityLog.ForeignManager(logger, manager);
        }

        foreach (var manager in roleManagers.Find(accounts.Services))
        {
            IdentityLog.ForeignRoleManager(logger, manager);
        }

        if (!mail.CanSend && registration.Value.Registration is Registration.Open && RequiresConfirmation(accounts.Manager.Options.SignIn))
        {
            IdentityLog.NothingConfirms(logger);
        }

        if (appHasher.Type is { } hasher)
        {
            var format = accounts.Services.GetRequiredService<IOptions<PasswordEngineOptions>>().Value.Format;
            IdentityLog.ForeignHasher(logger, hasher, format);
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static bool RequiresConfirmation(SignInOptions options) =>
        options.RequireConfirmedEmail || options.RequireConfirmedAccount || options.RequireConfirmedPhoneNumber;

    /// <summary>What is set for mail, and can't work.</summary>
    private IEnumerable<string> MailFaults()
    {
        if (!mail.CanSend)
        {
            if (mailOptions.Value.Host is not null)
            {
                yield return $"{CountersignMailOptions.SectionName}:Host is set, but nothing sends mail: add the package Countersign.Mail, and call AddMail().";
            }

            if (shape.RequiresConfirmedEmail)
            {
                yield return $"{CountersignUserOptions.SectionName}:{nameof(CountersignUserOptions.RequireConfirmedEmail)} needs a way to send mail: add the "
                    + "package Countersign.Mail, or register an IAccountMail.";
            }

            yield break;
        }

        foreach (var kind in Enum.GetValues<AccountMailKind>().Where(kind => mail.Sends(kind) && MailKinds.LifetimeOf(kind) is not null))
        {
            if (!links.HasPage(kind))
            {
                yield return $"{CountersignMailLinkOptions.SectionName}:{kind} is missing: the page that the link of this mail leads to.";
            }
        }
    }

    private IEnumerable<string> Faults(UserManager<TUser> manager)
    {
        if (!manager.SupportsUserPassword)
        {
            yield return "The user store keeps no passwords (IUserPasswordStore).";
        }

        if (!manager.SupportsUserEmail)
        {
            yield return "The user store keeps no e-mail addresses (IUserEmailStore).";
        }

        if (!manager.SupportsUserSecurityStamp)
        {
            yield return "The user store keeps no security stamps (IUserSecurityStampStore). Sessions need the stamp to detect that their account has changed.";
        }

        if (!shape.CanCreate)
        {
            yield return $"{typeof(TUser).Name} has no public constructor without parameters: set options.Users.Create.";
        }
    }
}
