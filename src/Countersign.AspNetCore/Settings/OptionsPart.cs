using Countersign.Sessions;
using Countersign.Sessions.Settings;
using Countersign.Tokens.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Countersign.AspNetCore.Settings;

/// <summary>One options class of the tree.</summary>
internal abstract class OptionsPart(Type type)
{
    /// <summary>The options class.</summary>
    public Type Type => type;

    /// <summary>Makes the entry of an options class.</summary>
    /// <param name="section">The class's configuration section, and its check.</param>
    /// <param name="find">Finds the class's object in the tree.</param>
    public static OptionsPart From<TOptions>(SettingSection<TOptions> section, Func<CountersignOptions, TOptions> find)
        where TOptions : class => new Of<TOptions>(section, find);

    /// <summary>Registers a part of the tree under its own type, so that services can request the part alone.</summary>
    /// <remarks><c>Configure</c> for the part's type runs after everything that configures the tree.</remarks>
    public static void Register<TOptions>(IServiceCollection services, Func<CountersignOptions, TOptions> find)
        where TOptions : class => services.TryAddSingleton<IOptionsFactory<TOptions>>(provider => new PartFactory<TOptions>(
            provider.GetRequiredService<OptionsTree>(),
            find,
            provider.GetServices<IConfigureOptions<TOptions>>(),
            provider.GetServices<IPostConfigureOptions<TOptions>>(),
            provider.GetServices<IValidateOptions<TOptions>>()));

    /// <summary>Registers the part and its check, which runs at the host's start.</summary>
    public abstract void Register(IServiceCollection services);

    /// <summary>Finds all faults of the part.</summary>
    public abstract IEnumerable<SettingFault> Check(CountersignOptions options, SettingContext context);

    private sealed class Of<TOptions>(SettingSection<TOptions> section, Func<CountersignOptions, TOptions> find) : OptionsPart(typeof(TOptions))
        where TOptions : class
    {
        public override void Register(IServiceCollection services)
        {
            Register(services, find);
            section.Register(services);
            services.AddOptions<TOptions>().CheckAtStart();
        }

        public override IEnumerable<SettingFault> Check(CountersignOptions options, SettingContext context) => section.Check(find(options), context);
    }

    /// <summary>Gives the part of the one tree. What configures the part runs once.</summary>
    private sealed class PartFactory<TOptions>(
        OptionsTree tree,
        Func<CountersignOptions, TOptions> find,
        IEnumerable<IConfigureOptions<TOptions>> configure,
        IEnumerable<IPostConfigureOptions<TOptions>> postConfigure,
        IEnumerable<IValidateOptions<TOptions>> validate) : IOptionsFactory<TOptions>
        where TOptions : class
    {
        // The delegates that configure the top of the tree ran when the tree was made.
        private readonly Lazy<TOptions> _part = new(() => typeof(TOptions).IsAssignableTo(typeof(CountersignOptions))
            ? new GivenInstanceFactory<TOptions>(() => find(tree.Root), [], [], validate).Create(Options.DefaultName)
            : new GivenInstanceFactory<TOptions>(() => find(tree.Root), configure, postConfigure, validate).Create(Options.DefaultName));

        public TOptions Create(string name) => _part.Value;
    }
}
