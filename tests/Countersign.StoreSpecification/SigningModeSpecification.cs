using Countersign.Sessions;
using Countersign.Sessions.Issuing;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Countersign.StoreSpecification;

/// <summary>No start changes what signs by accident, on every store.</summary>
public abstract class SigningModeSpecification(ITestDatabase database) : StoreSuite(database)
{
    private const string Secret = "b1946ac92492d2347c6235b4d2611184f0a3c8e7d5b69f20";

    [Theory]
    [InlineData(null, Secret, SigningMode.SharedSecret)]
    [InlineData(Secret, null, SigningMode.OwnKeys)]
    public async Task Start_InTheOtherMode_EndsUntilTheSettingSaysSo(string? before, string? after, SigningMode mode)
    {
        await StartNodeAsync(services => Use(services, before));
        await StartNodeAsync(services => Use(services, before));

        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => StartNodeAsync(services => Use(services, after)));

        Assert.Contains("Auth:Mode", fault.Message, StringComparison.Ordinal);
        Assert.Contains(mode.ToString(), fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, fault.Message, StringComparison.Ordinal);
        await StartNodeAsync(services => Use(services, before));

        // Once: afterwards it is the database's mode, and the other one is refused.
        await StartNodeAsync(services => Use(services, after, mode));
        await StartNodeAsync(services => Use(services, after));
        await Assert.ThrowsAsync<OptionsValidationException>(() => StartNodeAsync(services => Use(services, before)));
    }

    [Theory]
    [InlineData(null, SigningMode.SharedSecret)]
    [InlineData(Secret, SigningMode.OwnKeys)]
    [InlineData(null, (SigningMode)7)]
    public async Task Start_SettingThatContradictsTheSecret_Ends(string? secret, SigningMode mode)
    {
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => StartNodeAsync(services => Use(services, secret, mode)));

        Assert.Contains("Auth:Mode", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TryEnterMode_ManyAtOnceOnANewDatabase_OneModeWins()
    {
        var node = await StartNodeAsync();
        await ExecuteAsync("UPDATE countersign_key_state SET mode = 0");
        var store = node.Get<IKeyStore>();
        SigningMode[] modes = [.. Enumerable.Range(0, 16).Select(static number => number % 2 == 0 ? SigningMode.OwnKeys : SigningMode.SharedSecret)];

        var entered = await Task.WhenAll(modes.Select(mode => Task.Run(() => store.TryEnterModeAsync(mode, change: null, CancellationToken.None))));

        Assert.Single(modes.Where((_, index) => entered[index]).Distinct());
        Assert.Equal(8, entered.Count(static one => one));
    }

    [Fact]
    public async Task TryEnterMode_Changed_IsRecordedOnce()
    {
        var node = await StartNodeAsync();
        var store = node.Get<IKeyStore>();
        var change = new SecurityEvent(Guid.CreateVersion7(), DateTimeOffset.UnixEpoch, "signing_mode_changed", null, null, null, "SharedSecret");

        Assert.True(await store.TryEnterModeAsync(SigningMode.SharedSecret, change, CancellationToken.None));
        Assert.True(await store.TryEnterModeAsync(SigningMode.SharedSecret, change, CancellationToken.None));
        Assert.False(await store.TryEnterModeAsync(SigningMode.OwnKeys, change: null, CancellationToken.None));

        Assert.Equal(1, await CountRowsAsync("countersign_security_events", "kind = 'signing_mode_changed'"));
    }

    private static void Use(IServiceCollection services, string? secret, SigningMode? mode = null) => services.Configure<CountersignTokenOptions>(options =>
    {
        options.SecretKey = secret;
        options.Mode = mode;
    });
}
