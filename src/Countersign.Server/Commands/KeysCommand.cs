using System.CommandLine;
using System.Globalization;
using Countersign.Server.Hosting;
using Countersign.Sessions.Keys;

namespace Countersign.Server.Commands;

/// <summary>
/// <c>keys</c>: lists and changes the keys in the database. Ordinary rotation does not need it. A running server learns of each change within a second.
/// </summary>
internal static class KeysCommand
{
    private static readonly Option<bool> Force = new("--force")
    {
        Description = "Rotate although the next key was published too recently: services that have not read it yet will refuse new tokens",
    };

    private static readonly Option<bool> Refresh = new("--refresh")
    {
        Description = "Rotate the refresh key, which is never published, instead of the signing key",
    };

    private static readonly Option<bool> Unreadable = new("--unreadable")
    {
        Description = "Every key that can't be decrypted, after the master key was lost: all users must log in again",
    };

    /// <summary>Makes the command.</summary>
    public static Command Create() => new("keys", "List, rotate and revoke the signing and refresh keys")
    {
        CreateOne(
            new Command("list", "List the keys: use, state, id, algorithm, made, signing since, deleted after, what encrypts it; separated by tabs"),
            static (_, keys, output, cancellationToken) => ListAsync(keys, output, cancellationToken)),
        CreateOne(
            new Command("rotate", "Sign with the next key from now on; tokens of the current key stay valid") { Force, Refresh },
            static (parse, keys, _, cancellationToken) => RotateAsync(
                keys, parse.GetValue(Refresh) ? KeyUse.RefreshToken : KeyUse.AccessToken, parse.GetValue(Force), cancellationToken)),
        CreateRevoke(),
        CreateOne(
            new Command("rewrap", "Encrypt again, under Auth:MasterKey, all keys under Auth:PreviousMasterKey; first give every node the new master key"),
            static (_, keys, _, cancellationToken) => RewrapAsync(keys, cancellationToken)),
    };

    private static Command CreateRevoke()
    {
        var keyId = new Argument<string?>("kid") { Description = "The key's id, as keys list shows it", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("revoke", "Revoke a key at once, because another person may know it") { keyId, Unreadable };
        command.Validators.Add(result =>
        {
            if (result.GetValue(keyId) is null != result.GetValue(Unreadable))
            {
                result.AddError("Name one key, or give --unreadable.");
            }
        });
        return CreateOne(
            command,
            (parse, keys, _, cancellationToken) => parse.GetValue(keyId) is { } named
                ? RevokeAsync(keys, named, cancellationToken)
                : RevokeUnreadableAsync(keys, cancellationToken));
    }

    private static Command CreateOne(Command command, Func<ParseResult, KeyService, TextWriter, CancellationToken, Task<Outcome?>> work)
    {
        command.SetAction((parse, cancellationToken) => AccountCommand.RunAsync(
            parse,
            async services =>
            {
                var keys = services.GetRequiredService<KeyService>();
                var outcome = keys.IsSharedSecret
                    ? Outcome.Refused("a shared secret signs (Auth:SecretKey), not a key of the database: replace it with Auth:PreviousSecretKey")
                    : await RunAsync(() => work(parse, keys, parse.InvocationConfiguration.Output, cancellationToken)).ConfigureAwait(false);
                return outcome is { } said ? await said.WriteAsync(parse).ConfigureAwait(false) : 0;
            },
            startsServices: false,
            cancellationToken));
        return command;
    }

    /// <summary>Reports why the keys can't be used, and how to mend it, as at a start.</summary>
    private static async Task<Outcome?> RunAsync(Func<Task<Outcome?>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (InvalidOperationException failure) when (!StartFailure.IsOperational(failure))
        {
            return Outcome.Refused(failure.Message);
        }
    }

    private static async Task<Outcome?> ListAsync(KeyService keys, TextWriter output, CancellationToken cancellationToken)
    {
        foreach (var key in await keys.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            string[] columns =
            [
                NameOf(key.Use),
                key.State.ToString().ToLowerInvariant(),
                key.KeyId,
                key.Algorithm,
                Format(key.CreatedAt),
                Format(key.ActivatedAt),
                Format(key.RetiresAt),
                key.Encryption switch
                {
                    KeyEncryption.MasterKey => "master key",
                    KeyEncryption.PreviousMasterKey => "previous master key",
                    _ => "unreadable",
                },
            ];
            await output.WriteLineAsync(string.Join('\t', columns)).ConfigureAwait(false);
        }

        return null;
    }

    private static async Task<Outcome?> RotateAsync(KeyService keys, KeyUse use, bool force, CancellationToken cancellationToken)
    {
        var result = await keys.RotateAsync(use, force, cancellationToken).ConfigureAwait(false);
        return result.Error switch
        {
            null => Outcome.Done($"{NameOf(use)} key {result.SigningKeyId} signs from now on{Warning(result)}"),
            KeyChangeError.TooManyPublished => Outcome.Refused(
                "too many replaced signing keys are still published: with one more, the JWK Set would be larger than 64 KiB, and services would refuse it. " +
                "keys list says when each key is deleted"),
            _ => Outcome.Refused(
                $"the next {NameOf(use)} key, {result.SigningKeyId}, is too young: it may sign from {Format(result.ReadyAt)} on. " +
                "With --force it signs now, and services that have not read it yet refuse new tokens"),
        };
    }

    private static async Task<Outcome?> RevokeAsync(KeyService keys, string keyId, CancellationToken cancellationToken)
    {
        var result = await keys.RevokeAsync(keyId, cancellationToken).ConfigureAwait(false);
        return result.Error switch
        {
            KeyChangeError.KeyUnknown => Outcome.Refused($"no key has the id {keyId}"),
            KeyChangeError.KeyRevokedAlready => Outcome.Done($"{keyId} is revoked already"),
            _ => Outcome.Done(
                $"{NameOf(result.Use)} key {keyId} is revoked" +
                $"{(result.SigningKeyId is { } signing ? $"; {signing} signs from now on" : string.Empty)}{Warning(result)}"),
        };
    }

    private static async Task<Outcome?> RevokeUnreadableAsync(KeyService keys, CancellationToken cancellationToken)
    {
        var revoked = await keys.RevokeUnreadableAsync(cancellationToken).ConfigureAwait(false);
        return Outcome.Done(revoked.Count == 0
            ? "every key can be decrypted"
            : string.Create(
                CultureInfo.InvariantCulture, $"{revoked.Count} keys are revoked and replaced by new ones; users of their sessions must log in again"));
    }

    private static async Task<Outcome?> RewrapAsync(KeyService keys, CancellationToken cancellationToken)
    {
        var count = await keys.RewrapAsync(cancellationToken).ConfigureAwait(false);
        return Outcome.Done(count == 0
            ? "no key is under Auth:PreviousMasterKey"
            : string.Create(CultureInfo.InvariantCulture, $"{count} keys are under Auth:MasterKey now; Auth:PreviousMasterKey can be removed"));
    }

    /// <summary>Warns if services will refuse new tokens. Only signing keys are published.</summary>
    private static string Warning(KeyChangeResult result) =>
        result is { Use: KeyUse.AccessToken, PublishedAt: { } published, ReadyAt: { } ready } && result.IsYoung
            ? $". It has been published only since {Format(published)}. " +
              "Services that read the keys before that refuse new tokens until they read them again: " +
              $"a standard AddJwtBearer at the first token that it can't verify, or within 12 hours. After {Format(ready)} no service refuses them"
            : string.Empty;

    private static string NameOf(KeyUse use) => use == KeyUse.AccessToken ? "signing" : "refresh";

    private static string Format(DateTimeOffset? instant) => instant?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "-";
}
