using System.Security.Cryptography;
using Countersign.Tokens.Keys;

namespace Countersign.Tokens.Tests.Keys;

/// <summary>A key that is disposed of leaves no instance behind that could still sign.</summary>
public sealed class KeyPoolTests
{
    private readonly List<ECDsa> _made = [];
    private readonly KeyPool<ECDsa> _pool;

    public KeyPoolTests() => _pool = new KeyPool<ECDsa>(Make);

    [Fact]
    public void Rent_AfterReturn_GivesTheIdleInstance()
    {
        var first = _pool.Rent();
        _pool.Return(first);

        Assert.Same(first, _pool.Rent());
        Assert.Single(_made);
    }

    [Fact]
    public void Rent_WhileInUse_GivesAnother() => Assert.NotSame(_pool.Rent(), _pool.Rent());

    [Fact]
    public void Close_IdleInstances_AreDisposedOf()
    {
        _pool.Return(_pool.Rent());

        _pool.Close();

        AssertDisposed(Assert.Single(_made));
    }

    [Fact]
    public void Return_AfterClose_DisposesOfTheInstance()
    {
        var inUse = _pool.Rent();

        _pool.Close();
        Assert.NotEmpty(inUse.SignHash(new byte[32]));
        _pool.Return(inUse);

        AssertDisposed(inUse);
    }

    [Fact]
    public void Return_MoreThanThereAreSlots_DisposesOfTheRest()
    {
        var instances = Enumerable.Range(0, Environment.ProcessorCount + 1).Select(_ => _pool.Rent()).ToList();

        instances.ForEach(_pool.Return);

        AssertDisposed(instances[^1]);
    }

    private static void AssertDisposed(ECDsa instance) => Assert.Throws<ObjectDisposedException>(() => instance.SignHash(new byte[32]));

    private ECDsa Make()
    {
        var instance = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _made.Add(instance);
        return instance;
    }
}
