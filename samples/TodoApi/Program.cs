using Countersign.AspNetCore;
using Countersign.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using TodoApi;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddDbContext<AppDbContext>(options => options.UseSqlite(builder.Configuration.GetConnectionString("App") ?? "Data Source=app.db"));
builder.Services.AddIdentityCore<AppUser>(options => options.UseCountersignDefaults()).AddEntityFrameworkStores<AppDbContext>();
builder.Services.AddCountersign<AppUser>(options => options.Registration = Registration.Open).AddEntityFrameworkStores<AppDbContext>();

var app = builder.Build();
app.CreateDatabase();
app.MapCountersign();
app.MapGet("/todos", (CurrentUser<AppUser> user, AppDbContext database) => TodoEndpoints.List(user, database));
app.MapPost("/todos", (NewTodo todo, CurrentUser<AppUser> user, AppDbContext database) => TodoEndpoints.AddAsync(todo, user, database));
app.Run();
