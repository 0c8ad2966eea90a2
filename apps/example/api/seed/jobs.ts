/** Teams of the demo organization, how large each is beside the others, and who works there. */
export const teams: readonly { name: string; weight: number; titles: readonly string[] }[] = [
  {
    name: 'Engineering',
    weight: 8,
    titles: [
      'Software Engineer',
      'Senior Software Engineer',
      'Staff Engineer',
      'Site Reliability Engineer',
      'Engineering Manager',
    ],
  },
  {
    name: 'Field Survey',
    weight: 5,
    titles: ['Surveyor', 'Senior Surveyor', 'Drone Pilot', 'Field Coordinator'],
  },
  {
    name: 'Map Data',
    weight: 5,
    titles: ['Cartographer', 'Geodata Analyst', 'Geodesist', 'Data Quality Lead'],
  },
  {
    name: 'Design',
    weight: 3,
    titles: ['Product Designer', 'Map Designer', 'User Researcher', 'Content Designer'],
  },
  {
    name: 'Customer Care',
    weight: 4,
    titles: ['Support Specialist', 'Onboarding Specialist', 'Support Team Lead'],
  },
  {
    name: 'Sales',
    weight: 3,
    titles: ['Account Executive', 'Solutions Consultant', 'Partner Manager'],
  },
  { name: 'Product', weight: 2, titles: ['Product Manager', 'Product Analyst'] },
  { name: 'People', weight: 2, titles: ['People Partner', 'Recruiter', 'Learning Lead'] },
  { name: 'Finance', weight: 2, titles: ['Accountant', 'Financial Analyst', 'Payroll Specialist'] },
  { name: 'Legal', weight: 1, titles: ['Counsel', 'Privacy Officer'] },
]

export const languages = [
  'Arabic',
  'Dutch',
  'English',
  'French',
  'German',
  'Hindi',
  'Japanese',
  'Korean',
  'Mandarin',
  'Polish',
  'Portuguese',
  'Spanish',
  'Swahili',
  'Turkish',
] as const
