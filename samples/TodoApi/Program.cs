using Countersign.AspNetCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using TodoApi;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddDbContext<AppDbContext>(options => options.UseSqlite(builder.Configuration.GetConnectionString("App") ?? "Data Source=app.db"));
builder.Services.Configure<IdentityOptions>(options => options.UseCountersignDefaults());
builder.Services.AddCountersign<AppUser, AppDbContext>(options => options.Registration = Registration.Open);

var app = builder.Build();
app.CreateDatabase();
app.MapCountersign();
app.MapGet("/todos", (CurrentUser<AppUser> user, AppDbContext database) => TodoEndpoints.List(user, database));
app.MapPost("/todos", (NewTodo todo, CurrentUser<AppUser> user, AppDbContext database) => TodoEndpoints.AddAsync(todo, user, database));
app.Run();
