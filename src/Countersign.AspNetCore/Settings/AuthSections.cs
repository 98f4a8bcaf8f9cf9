using System.Globalization;
using Countersign.AspNetCore.Clients;
using Countersign.Passwords;
using Countersign.Sessions;
using Countersign.Sessions.Settings;
using Countersign.Tokens.Settings;
using Microsoft.Extensions.Configuration;

namespace Countersign.AspNetCore.Settings;

/// <summary>The section <c>Auth</c>: how it fills the tree of options, and which classes check it.</summary>
internal static class AuthSections
{
    /// <summary>The options classes of the tree, in the order of the documentation.</summary>
    public static IReadOnlyList<OptionsPart> All { get; } =
    [
        OptionsPart.From(SessionSections.Tokens, static options => options.Tokens),
        OptionsPart.From(
            new SettingSection<CountersignOptions>(CountersignOptions.SectionName, static (options, _) => options.Check()), static options => options),
        OptionsPart.From(
            new SettingSection<CountersignRouteOptions>(CountersignRouteOptions.SectionName, static (_, _) => []), static options => options.Routes),
        OptionsPart.From(SessionSections.Keys, static options => options.MasterKeys),
        OptionsPart.From(SessionSections.KeyRotation, static options => options.Keys),
        OptionsPart.From(SessionSections.Sessions, static options => options.Sessions),
        OptionsPart.From(SessionSections.Refresh, static options => options.Refresh),
        OptionsPart.From(SessionSections.Cleanup, static options => options.Cleanup),
        OptionsPart.From(
            new SettingSection<CountersignLockoutOptions>(CountersignLockoutOptions.SectionName, static (options, _) => options.Check()),
            static options => options.Lockout),
        OptionsPart.From(
            new SettingSection<CountersignNetworkLimitOptions>(CountersignNetworkLimitOptions.SectionName, static (options, _) => options.Check()),
            static options => options.Limits),
        OptionsPart.From(
            new SettingSection<CountersignClaimOptions>(CountersignClaimOptions.SectionName, static (_, _) => []), static options => options.Claims),
        OptionsPart.From(
            new SettingSection<CountersignMailOptions>(CountersignMailOptions.SectionName, static (options, _) => options.Check()),
            static options => options.Mail),
        OptionsPart.From(
            new SettingSection<CountersignMailLinkOptions>(CountersignMailLinkOptions.SectionName, static (options, _) => options.Check()),
            static options => options.Mail.Links),
        OptionsPart.From(
            new SettingSection<PasswordEngineOptions>(
                PasswordEngineOptions.SectionName, static (options, _) => InSection(PasswordEngineOptions.SectionName, options.Check())),
            static options => options.Passwords),
        OptionsPart.From(
            new SettingSection<PasswordRuleOptions>(
                PasswordRuleOptions.SectionName, static (options, _) => InSection(PasswordRuleOptions.SectionName, options.Check())),
            static options => options.PasswordRules),
        OptionsPart.From(
            new SettingSection<CountersignUserOptions>(CountersignUserOptions.SectionName, static (_, _) => []), static options => options.UserOptions),
        OptionsPart.From(new SettingSection<ClientOptions>(ClientOptions.SectionName, CheckClients), static options => options.ConfidentialClients),
    ];

    /// <summary>Fills the tree from the configuration. Values that can't be read are left out; they are reported as faults.</summary>
    /// <param name="options">The tree.</param>
    /// <param name="configuration">The configuration; null if the app has none.</param>
    /// <param name="known">The known settings.</param>
    public static void Bind(CountersignOptions options, IConfiguration? configuration, KnownSettings known)
    {
        var readable = KnownSettings.Values(configuration)
            .Where(setting => known.Find(setting.Key) is { } found && (found.IsText || found.Check(setting.Value) is null))
            .Select(static setting => KeyValuePair.Create(setting.Key, (string?)setting.Value));
        new ConfigurationBuilder().AddInMemoryCollection(readable).Build().GetSection(CountersignOptions.SectionName).Bind(options);
    }

    private static IEnumerable<SettingFault> InSection(string section, OptionCheck check) =>
        check.Faults.Select(fault => new SettingFault($"{section}:{fault.Option}", fault.Problem, fault.Remedy));

    private static IReadOnlyList<SettingFault> CheckClients(ClientOptions options, SettingContext context) => ClientRules.Check(
        options.Clients.Select(static (client, index) =>
            KeyValuePair.Create(string.Create(CultureInfo.InvariantCulture, $"{ClientOptions.SectionName}:{nameof(ClientOptions.Clients)}:{index}"), client)),
        context.Tokens?.ClientId);
}
