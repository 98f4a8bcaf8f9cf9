using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Countersign.AspNetCore.Identity;
using Countersign.Server.Accounts;
using Microsoft.AspNetCore.Identity;

namespace Countersign.Server.Commands;

/// <summary><c>users create</c>: makes the first account, or one with a role.</summary>
internal static class CreateUserCommand
{
    // 24 characters of an alphabet of 32 are 120 bits. The alphabet leaves out letters and digits that look alike.
    private const int GeneratedLength = 24;
    private const string GeneratedAlphabet = "abcdefghijkmnpqrstuvwxyz23456789";

    private static readonly TimeSpan GeneratedLifetime = TimeSpan.FromHours(24);

    private static readonly Argument<string> Email = new("email") { Description = "The account's e-mail address" };
    private static readonly Option<bool> PasswordStdin = new("--password-stdin") { Description = "Read the password from the first line of standard input" };
    private static readonly Option<bool> Generate =
        new("--generate") { Description = "Make an initial password and print it, once; it must be changed within 24 hours" };
    private static readonly Option<string?> DisplayName = new("--display-name") { Description = "The name by which the user wants to be called" };
    private static readonly Option<string[]> Role = new("--role") { Description = "A role to give; it is made if it does not exist; may be repeated" };

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var command = new Command("create", "Make an account") { Email, PasswordStdin, Generate, DisplayName, Role };
        command.Validators.Add(result =>
        {
            if (result.GetValue(PasswordStdin) == result.GetValue(Generate))
            {
                result.AddError("Say where the password comes from: --password-stdin or --generate.");
            }
        });
        command.SetAction((parse, cancellationToken) => AccountCommand.RunAsync(
            parse, services => RunAsync(services, parse, cancellationToken), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(IServiceProvider services, ParseResult parse, CancellationToken cancellationToken)
    {
        var generated = parse.GetValue(Generate) ? RandomNumberGenerator.GetString(GeneratedAlphabet, GeneratedLength) : null;
        DateTimeOffset? expiresAt = generated is null ? null : services.GetRequiredService<TimeProvider>().GetUtcNow() + GeneratedLifetime;
        var password = generated ?? await Console.In.ReadLineAsync(cancellationToken).ConfigureAwait(false);
        var outcome = string.IsNullOrEmpty(password)
            ? Outcome.Refused("standard input has no password in its first line")
            : await CreateAsync(services, parse, password, expiresAt).ConfigureAwait(false);
        var code = await outcome.WriteAsync(parse).ConfigureAwait(false);
        if (outcome.Succeeded && generated is not null)
        {
            var output = parse.InvocationConfiguration.Output;
            await output.WriteLineAsync($"password: {generated}").ConfigureAwait(false);
            await output.WriteLineAsync(
                string.Create(CultureInfo.InvariantCulture, $"it must be changed before {expiresAt:yyyy-MM-dd HH:mm} UTC")).ConfigureAwait(false);
        }

        return code;
    }

    private static async Task<Outcome> CreateAsync(IServiceProvider services, ParseResult parse, string password, DateTimeOffset? expiresAt)
    {
        var email = parse.GetRequiredValue(Email);
        var displayName = parse.GetValue(DisplayName);
        // The same check as at sign-up. A login refuses such an address before it looks for the account.
        if (!EmailAddress.TryParse(email, services.GetRequiredService<IHostEnvironment>().IsDevelopment(), out var address))
        {
            return Outcome.Refused("this is not an e-mail address that an account can have");
        }

        if (displayName is not null && !AccountText.IsDisplayName(displayName))
        {
            return Outcome.Refused($"a display name has 1 to {AccountText.MaxDisplayNameLength} visible characters");
        }

        email = address.Text;
        var users = services.GetRequiredService<UserManager<CountersignUser>>();
        if (await users.FindByLoginNameAsync(email).ConfigureAwait(false) is { } owner)
        {
            return await RenewAsync(users, owner, parse, password, expiresAt).ConfigureAwait(false);
        }

        // The operator vouches for the address.
        var user = new CountersignUser
        {
            UserName = address.Key, Email = email, EmailConfirmed = true, DisplayName = displayName, PasswordExpiresAt = expiresAt,
        };
        var created = await users.CreateAsync(user, password).ConfigureAwait(false);
        if (!created.Succeeded)
        {
            return Outcome.From(created, string.Empty);
        }

        foreach (var role in parse.GetValue(Role) ?? [])
        {
            var given = await UserRoleCommand.GiveAsync(services, user, role).ConfigureAwait(false);
            if (!given.Succeeded)
            {
                return Outcome.Refused($"{email} was created ({user.Id}), without the role {role}: {given.Message}");
            }
        }

        return Outcome.Done($"{email} was created ({user.Id})");
    }

    /// <summary>Replaces an initial password that was never changed. It may have expired or been lost.</summary>
    private static async Task<Outcome> RenewAsync(
        UserManager<CountersignUser> users, CountersignUser owner, ParseResult parse, string password, DateTimeOffset? expiresAt)
    {
        if (expiresAt is not { } until || owner.PasswordExpiresAt is null)
        {
            return Outcome.Refused($"{parse.GetRequiredValue(Email)} is taken: it is the e-mail address or user name of an account");
        }

        if (parse.GetValue(DisplayName) is not null || parse.GetValue(Role) is { Length: > 0 })
        {
            return Outcome.Refused(
                $"{owner.Email} has an account already; for a new initial password use only --generate, without --display-name and --role");
        }

        var renewed = await ((CountersignUserManager<CountersignUser>)users).SetInitialPasswordAsync(owner, password, until).ConfigureAwait(false);
        return Outcome.From(renewed, $"{owner.Email} has a new initial password ({owner.Id})");
    }
}
